import type { UnreducedLosses } from "@lossflow/streaming/node";
import { UsageError } from "../cli/usage-error.ts";
import { sameText, type TableBatch, type TableColumn } from "./table-batch.ts";

/** Rows of a batch, so that a source in long pieces becomes short ones. */
const ROWS = 65_536;

/** The columns of exported losses: where each stands, and one column a loss, empty where it is missing or ignored. */
export function lossColumns(
  losses: readonly string[],
  isVector: boolean,
  isWeighted: boolean,
): TableColumn[] {
  const number = (name: string, nullable = false): TableColumn => ({ name, kind: "number", nullable });
  return [
    number("row"),
    { name: "source", kind: "text", nullable: false },
    number("source_row"),
    ...(isVector ? [number("element")] : []),
    ...(isWeighted ? [number("weight", true)] : []),
    ...losses.map((name) => number(name, true)),
  ];
}

/** Units of each row, the same for all losses. @throws LF_USAGE where losses of rows and of elements meet. */
export function unitsOfRows({ losses }: UnreducedLosses): number {
  const perRow = losses[0]?.perRow ?? 1;
  if (losses.every((loss) => loss.perRow === perRow)) return perRow;
  throw new UsageError(
    "Of these losses some have one number a row and others one an element: export them one after the other.",
  );
}

/** Lays the losses of some rows out as the columns of {@link lossColumns}. */
export function* batchesFromLosses(
  read: UnreducedLosses,
  isVector: boolean,
  isWeighted: boolean,
): Generator<TableBatch> {
  const perRow = unitsOfRows(read);
  const total = read.rows * perRow;
  for (let from = 0; from < total; from += ROWS) {
    const rows = Math.min(ROWS, total - from);
    const at = (of: (unit: number) => number): { values: Float64Array; nulls: null } => ({
      values: Float64Array.from({ length: rows }, (_, i) => of(from + i)),
      nulls: null,
    });
    const first = read.losses[0];
    yield {
      rows,
      cells: [
        at((unit) => read.firstRow + Math.floor(unit / perRow)),
        sameText(read.source, rows),
        at((unit) => read.firstSourceRow + Math.floor(unit / perRow)),
        ...(isVector ? [at((unit) => unit % perRow)] : []),
        ...(isWeighted
          ? [
              {
                values: first?.weights?.slice(from, from + rows) ?? new Float64Array(rows).fill(1),
                nulls: emptyOf(first?.left ?? null, from, rows),
              },
            ]
          : []),
        ...read.losses.map(({ values, left }) => ({
          values: values.slice(from, from + rows),
          nulls: emptyOf(left, from, rows),
        })),
      ],
    };
  }
}

/** 1 where a loss is missing or ignored. */
function emptyOf(left: Uint8Array | null, from: number, rows: number): Uint8Array | null {
  if (left === null) return null;
  return left.subarray(from, from + rows).map((one) => (one === 0 ? 0 : 1));
}

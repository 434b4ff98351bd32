import { RunningLoss, type Count, type Loss, type RunningReduction } from "@lossflow/core";
import type { Key } from "../columns/keys-from-column.ts";
import type { Cell, FoldState, LossFold } from "../fold/fold-state.ts";
import type { TopLoss } from "../fold/top.ts";
import { compareKeys, plainKey, typedKeys } from "./compare-keys.ts";
import type { JobSpec } from "./job-spec.ts";
import type { Figures, GroupFigures, LossResult, Snapshot, TopFigure, WindowFigures } from "./snapshot.ts";

/** Where each source's rows begin, counted over all. */
export interface SourceStart {
  readonly name: string;
  readonly firstRow: number;
}

/** What a snapshot says besides the figures. */
export type SnapshotFrame = Pick<Snapshot, "done" | "progress" | "workers" | "engine">;

/** Reads the figures of a fold. `rows` are those of the table so far; `by` the names of the grouping columns. */
export function snapshotFromFold(
  fold: FoldState,
  spec: JobSpec,
  by: readonly string[],
  rows: number,
  sources: readonly SourceStart[],
  frame: SnapshotFrame,
): Snapshot {
  const { window, top } = spec.options;
  const results = spec.losses.map(({ loss, reduction }, i): LossResult => {
    const mine = fold[i]!;
    const vector = loss.unit === "element" && mine.size > 0;
    const figures = (cell: Cell): Figures => figuresOfCell(cell, loss, reduction, vector ? mine.size : 1);
    const total = figures(mine.total);
    return {
      loss: loss.id,
      params: loss.params,
      reduction,
      rows: rowsOfFigures(total),
      ...(vector ? { shape: [rows, mine.size] as const } : {}),
      ...total,
      ...(by.length === 0 ? {} : { groups: groupsOfFold(mine, by, figures) }),
      ...(window === undefined ? {} : { windows: windowsOfFold(mine, window.rows, rows, figures) }),
      ...(top === undefined ? {} : { top: topOfFold(mine.top, sources) }),
    };
  });
  return { ...hoisted(results), ...frame };
}

/** Rows and shape stand once, at the top, where all results agree in them. */
function hoisted(results: readonly LossResult[]): Pick<Snapshot, "rows" | "shape" | "results"> {
  const marks = results.map(({ rows, shape }) => `${rows} ${shape?.join()}`);
  if (new Set(marks).size !== 1) return { results };
  const { rows, shape } = results[0]!;
  return {
    ...(rows === undefined ? {} : { rows }),
    ...(shape === undefined ? {} : { shape }),
    results: results.map(({ rows: _rows, shape: _shape, ...rest }) => rest),
  };
}

function figuresOfCell(cell: Cell, loss: Loss, reduction: RunningReduction, perRow: number): Figures {
  const { finite, nan, posInf, negInf, count, missing, ignored, weightSum, sum, mean, min, max } =
    RunningLoss.value(cell.state, loss.whole);
  const value =
    loss.whole === undefined ? RunningLoss.reduce(cell.state, reduction) : reduction === "sum" ? sum : mean;
  return {
    value,
    count,
    finite,
    missing: addCounts(missing, cell.nullRows * perRow),
    ignored,
    nan,
    posInf,
    negInf,
    weightSum,
    sum,
    mean,
    min: loss.decomposable ? min : null,
    max: loss.decomposable ? max : null,
  };
}

function rowsOfFigures({ count, missing, ignored }: Figures): Count {
  return addCounts(addCounts(count, missing), ignored);
}

function addCounts(a: Count, b: Count): Count {
  const sum = Number(a) + Number(b);
  return sum <= Number.MAX_SAFE_INTEGER ? sum : BigInt(a) + BigInt(b);
}

function groupsOfFold(
  fold: LossFold,
  by: readonly string[],
  figures: (cell: Cell) => Figures,
): GroupFigures[] {
  const cells = [...fold.groups.values()];
  const keys = typedKeys([...fold.groups.keys()].map((name) => JSON.parse(name) as Key[]));
  const order = keys.map((_, i) => i).sort((a, b) => compareKeys(keys[a]!, keys[b]!));
  const groups: GroupFigures[] = [];
  for (const i of order) {
    const key = Object.fromEntries(by.map((name, k) => [name, plainKey(keys[i]![k]!)]));
    groups.push({ key, ...figures(cells[i]!) });
  }
  return groups;
}

function windowsOfFold(
  fold: LossFold,
  width: number,
  rows: number,
  figures: (cell: Cell) => Figures,
): WindowFigures[] {
  const windows: WindowFigures[] = [];
  for (const index of [...fold.windows.keys()].sort((a, b) => a - b)) {
    const from = index * width;
    windows.push({ from, to: Math.min(from + width, rows), ...figures(fold.windows.get(index)!) });
  }
  return windows;
}

function topOfFold(top: readonly TopLoss[], sources: readonly SourceStart[]): TopFigure[] {
  return top.map(({ row, loss }) => {
    const source = sources.findLast(({ firstRow }) => firstRow <= row)!;
    return { row, source: source.name, sourceRow: row - source.firstRow, loss };
  });
}

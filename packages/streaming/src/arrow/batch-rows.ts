import type { Column } from "../columns/column.ts";
import { columnsFromBatch } from "./columns-from-batch.ts";
import type { ArrowBatch } from "./message.ts";
import type { ByteRange } from "./range-layout.ts";
import type { ArrowField } from "./schema.ts";

/** Some rows of the wanted columns of one batch, as plain data: what has to be read, and what it then holds. */
export interface BatchRows {
  /** The wanted fields in the order of the schema, and what of the batch belongs to them. */
  readonly fields: readonly ArrowField[];
  readonly batch: ArrowBatch;
  readonly bigEndian: boolean;
  readonly from: number;
  readonly to: number;
  /** Which of `fields` each wanted column is. */
  readonly order: readonly number[];
  /** Chunks of the values of each dictionary that the fields use. */
  readonly dictionaries: readonly (readonly [id: number, chunks: readonly Column[]])[];
}

/** Lists the bytes of the batch's body that the rows lie in. @throws LF_ARROW_INVALID */
export function rangesOfRows(rows: BatchRows): ByteRange[] {
  const ranges: ByteRange[] = [];
  const nothing = new Uint8Array(0);
  columnsFromBatch(rows.batch, {
    ...readingOf(rows),
    bigEndian: false,
    take(buffer, start, end) {
      ranges.push({ start: buffer.offset + start, end: buffer.offset + end });
      return nothing;
    },
  });
  return ranges;
}

/** Builds the columns over bytes that have been read; `view` gives those of the body. @throws LF_ARROW_INVALID */
export function columnsOfRows(rows: BatchRows, view: (start: number, end: number) => Uint8Array): Column[] {
  const { codec } = rows.batch;
  const columns = columnsFromBatch(rows.batch, {
    ...readingOf(rows),
    take(buffer, start, end) {
      const bytes = view(buffer.offset + start, buffer.offset + end);
      return codec === null ? bytes : { codec, packed: bytes };
    },
  });
  return rows.order.map((i) => columns[i]!);
}

function readingOf({ fields, bigEndian, from, to, dictionaries }: BatchRows) {
  return {
    fields,
    bigEndian,
    wanted: () => true,
    // An empty dictionary may be left out by writers; a code into it is refused where it is read.
    dictionary: (id: number) => dictionaries.find(([known]) => known === id)?.[1] ?? [],
    from,
    to,
  };
}

import { LossflowError } from "@lossflow/core";
import type { RecordBatch, Schema } from "apache-arrow";
import { columnsFromRecordBatch } from "../arrow/columns-from-record-batch.ts";
import { sliceColumn } from "../columns/slice-column.ts";
import type { Segment, TableSource } from "./table-source.ts";

/** Rows of one segment: a longer batch is cut, so that several workers share it. */
const SEGMENT_ROWS = 2 ** 17;

/**
 * Reads apache-arrow batches, pulled one at a time. Their memory is read while their chunk is folded, and must stay as
 * it is until then.
 * @throws LF_SHAPE where the schemas of two batches differ; LF_BAD_OPTION for what is no batch; LF_EMPTY where there is
 *   none and no schema
 */
export function batchesSource(
  batches: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
  name: string,
  knownSchema?: Schema,
): TableSource {
  return {
    name,
    async open() {
      const iterator = iteratorOf(batches);
      const first = await iterator.next();
      if (first.done !== true) checkBatch(first.value, name);
      const schema = first.done === true ? (knownSchema ?? schemaOf(batches)) : first.value.schema;
      if (schema === undefined)
        throw new LossflowError("LF_EMPTY", `${name} is empty: it holds no table.`, { path: name });
      const columns = schema.fields.map((field) => field.name);
      return {
        name,
        size: undefined,
        columns,
        async *segments(wanted) {
          const positions = wanted.map((column) => columns.indexOf(column));
          for (let next = first; next.done !== true; next = await iterator.next()) {
            checkBatch(next.value, name);
            checkSchema(next.value, columns, name);
            yield* segmentsOfBatch(next.value, positions);
          }
        },
        async close() {
          await iterator.return?.();
        },
      };
    },
  };
}

function* segmentsOfBatch(batch: RecordBatch, positions: readonly number[]): Generator<Segment> {
  // A list of no rows may come without its child.
  if (batch.numRows === 0) return;
  const columns = columnsFromRecordBatch(batch, positions);
  for (let from = 0; from < batch.numRows; from += SEGMENT_ROWS) {
    const to = Math.min(from + SEGMENT_ROWS, batch.numRows);
    const whole = from === 0 && to === batch.numRows;
    yield {
      rows: to - from,
      payload: {
        kind: "columns",
        columns: whole ? columns : columns.map((column) => sliceColumn(column, from, to)),
      },
      position: 0,
      release: () => undefined,
    };
  }
}

function iteratorOf<T>(items: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> {
  if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
  const iterator = items[Symbol.iterator]();
  return {
    next: () => Promise.resolve(iterator.next()),
    return: () => Promise.resolve(iterator.return?.() ?? { done: true, value: undefined }),
  };
}

/** A reader of apache-arrow knows its schema even where it has no batch. */
function schemaOf(batches: object): Schema | undefined {
  return "schema" in batches ? (batches.schema as Schema | undefined) : undefined;
}

/** Told by what it has: it may be of another copy of apache-arrow. */
function checkBatch(batch: unknown, name: string): void {
  if (
    typeof batch === "object" &&
    batch !== null &&
    "schema" in batch &&
    "numRows" in batch &&
    "data" in batch &&
    !("batches" in batch)
  )
    return;
  throw new LossflowError(
    "LF_BAD_OPTION",
    `${name}: what was given holds something that is no record batch of apache-arrow; give batches alone, of a table its \`batches\`.`,
    { path: name },
  );
}

function checkSchema(batch: RecordBatch, columns: readonly string[], name: string): void {
  const names = batch.schema.fields.map((field) => field.name);
  if (names.length === columns.length && names.every((column, i) => column === columns[i])) return;
  throw new LossflowError(
    "LF_SHAPE",
    `${name}: a batch has the columns ${names.join(", ")}, those before it ${columns.join(", ")}.`,
  );
}

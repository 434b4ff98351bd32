import { readFileInto } from "#file-reads";
import type { Column } from "../columns/column.ts";
import type { ArrowPayload } from "../source/table-source.ts";
import type { ReadMemory } from "../worker/read-memory.ts";
import { columnsOfRows, rangesOfRows } from "./batch-rows.ts";
import { truncated } from "./ipc-frames.ts";
import { layOutRanges } from "./range-layout.ts";

/** Reads the rows of a batch from their file into `memory`. @throws LF_TRUNCATED, LF_UNREADABLE, LF_ARROW_INVALID */
export function columnsFromFile(
  { file, body, rows }: ArrowPayload,
  name: string,
  memory: ReadMemory,
): Column[] {
  const { size, spans, indexOf } = layOutRanges(rangesOfRows(rows));
  const bytes = memory.take(size);
  for (const { start, end, place } of spans) {
    const count = readFileInto(file, body + start, bytes.subarray(place, place + end - start), name);
    if (count < end - start) throw truncated({ name }, body + start + count, "a body is cut");
  }
  return columnsOfRows(rows, (start, end) => {
    if (start === end) return new Uint8Array(0);
    const span = spans[indexOf(start, end)]!;
    const place = span.place + start - span.start;
    return bytes.subarray(place, place + end - start);
  });
}

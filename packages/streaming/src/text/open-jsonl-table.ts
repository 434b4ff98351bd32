import { LossflowError } from "@lossflow/core";
import type { ByteSource } from "../source/byte-source.ts";
import type { OpenTable } from "../source/table-source.ts";
import { LF } from "./csv-records.ts";
import { isBlankLine, scanJsonLines } from "./json-lines.ts";
import { readChunks } from "./read-chunks.ts";
import { recordFromJson } from "./record-from-json.ts";

/** A key counts as a column where a line in the first MiB has it (or the first line, where that is longer). */
const HEAD_BYTES = 2 ** 20;
const MOST_LINE_BYTES = 64 * 2 ** 20;

/**
 * Opens a JSONL file: one object a line, its keys the columns. Blank lines are no rows.
 * @param start where the text begins, after a byte-order mark.
 * @throws LF_EMPTY, LF_BAD_JSON
 */
export async function openJsonlTable(source: ByteSource, start: number): Promise<OpenTable> {
  let head = await source.read(start, HEAD_BYTES);
  let whole = scanJsonLines(head, head.length < HEAD_BYTES);
  if (whole.rows === 0 && head.length === HEAD_BYTES) {
    head = await source.read(start, MOST_LINE_BYTES);
    whole = scanJsonLines(head, head.length < MOST_LINE_BYTES);
  }
  const columns = keysOfLines(head.subarray(0, whole.end), source.name);
  if (whole.rows === 0) {
    throw new LossflowError("LF_EMPTY", `${source.name} is empty: it has no line.`, { path: source.name });
  }
  return {
    name: source.name,
    size: source.size,
    columns,
    async *segments(wanted, arena) {
      for await (const chunk of readChunks(source, start, 1, arena, scanJsonLines)) {
        const { bytes, rows, firstLine, position, release } = chunk;
        yield { rows, payload: { kind: "jsonl", bytes, wanted, firstLine }, position, release };
      }
    },
    close: () => source.close(),
  };
}

function keysOfLines(bytes: Uint8Array, source: string): string[] {
  const keys = new Set<string>();
  const decoder = new TextDecoder();
  let line = 1;
  let row = 0;
  for (let at = 0; at < bytes.length; line++) {
    const next = bytes.indexOf(LF, at);
    const end = next === -1 ? bytes.length : next;
    if (!isBlankLine(bytes, at, end)) {
      const record = recordFromJson(decoder.decode(bytes.slice(at, end)), source, line, row++);
      for (const key of Object.keys(record)) keys.add(key);
    }
    at = end + 1;
  }
  return [...keys];
}

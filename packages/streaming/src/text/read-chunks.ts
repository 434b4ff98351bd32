import { LossflowError } from "@lossflow/core";
import type { Arena } from "../source/arena.ts";
import type { ByteSource } from "../source/byte-source.ts";
import type { RecordScan } from "./csv-records.ts";

/** Whole records of a text source. */
export interface TextChunk {
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** 1-based line of the first byte. */
  readonly firstLine: number;
  readonly position: number;
  readonly release: () => void;
}

const CHUNK_BYTES = 2 ** 20;
/** A single record longer than this is refused: a quote that is never closed, or no text at all. */
const MOST_RECORD_BYTES = 64 * 2 ** 20;

/**
 * Reads a text source in chunks of whole records.
 * @param scan finds the whole records at the beginning of some bytes.
 * @throws LF_LINE_TOO_LONG, LF_SOURCE_CHANGED where the source ends before the length that it had when it was opened
 */
export async function* readChunks(
  source: ByteSource,
  start: number,
  startLine: number,
  arena: Arena,
  scan: (bytes: Uint8Array, atEnd: boolean) => RecordScan,
): AsyncGenerator<TextChunk> {
  let at = start;
  let line = startLine;
  let size = CHUNK_BYTES;
  for (;;) {
    source.release?.(at);
    const { bytes, release } = await readSome(source, at, size, arena);
    const atEnd = bytes.length < size;
    if (atEnd && source.size !== undefined && at + bytes.length < source.size) {
      release();
      throw cutShort(source, at + bytes.length);
    }
    if (bytes.length === 0) {
      release();
      return;
    }
    const { end, rows, lines } = scan(bytes, atEnd);
    if (end === 0) {
      release();
      if (size >= MOST_RECORD_BYTES) {
        throw new LossflowError(
          "LF_LINE_TOO_LONG",
          `${source.name}, line ${line}: a record runs over more than ${MOST_RECORD_BYTES / 2 ** 20} MiB; look for a quote that is not closed.`,
          { path: source.name, line },
        );
      }
      size *= 4;
      continue;
    }
    at += end;
    yield { bytes: bytes.subarray(0, end), rows, firstLine: line, position: at, release };
    line += lines;
    size = CHUNK_BYTES;
    if (atEnd && end === bytes.length) return;
  }
}

/** Text tells nothing of its length: cut at the end of a line it would be read as a shorter table. */
function cutShort({ name, size }: ByteSource, end: number): LossflowError {
  return new LossflowError(
    "LF_SOURCE_CHANGED",
    `${name} has changed while it was read: it had ${size} bytes and ends after ${end}; run again to read it as it is now.`,
    { path: name },
  );
}

async function readSome(
  source: ByteSource,
  at: number,
  size: number,
  arena: Arena,
): Promise<{ bytes: Uint8Array; release: () => void }> {
  if (source.readInto === undefined) return { bytes: await source.read(at, size), release: () => undefined };
  const memory = arena.take(size);
  const count = await source.readInto(at, memory.subarray(0, size));
  return { bytes: memory.subarray(0, count), release: () => arena.give(memory) };
}

import type { Arena } from "../source/arena.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { truncated } from "./ipc-frames.ts";

/** A range of bytes, `end` exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes that were read; they stand in memory until `release`. */
export interface LoadedRanges {
  /** A view of a range that lies within those asked for. */
  view(start: number, end: number): Uint8Array;
  readonly release: () => void;
}

/** Ranges nearer than this are read together: a read costs about as much as copying this many bytes. */
const GAP = 32768;
const ALIGNMENT = 64;

/**
 * Reads ranges of `source`, counted from `base`, into memory of `arena`, or as views where the source is in memory.
 * Each keeps its alignment to 64 bytes, so that typed arrays can stand on it.
 * @throws LF_TRUNCATED
 */
export async function loadRanges(
  source: ByteSource,
  base: number,
  ranges: readonly ByteRange[],
  arena: Arena,
): Promise<LoadedRanges> {
  const spans = mergedRanges(ranges);
  const loaded: { readonly span: ByteRange; readonly bytes: Uint8Array }[] = [];
  let memory: Uint8Array | undefined;
  if (source.readInto !== undefined && spans.length > 0) {
    const places: number[] = [];
    let size = 0;
    for (const span of spans) {
      const place = Math.ceil(size / ALIGNMENT) * ALIGNMENT + (span.start % ALIGNMENT);
      places.push(place);
      size = place + span.end - span.start;
    }
    memory = arena.take(size);
    for (const [i, span] of spans.entries()) {
      const bytes = memory.subarray(places[i], places[i]! + span.end - span.start);
      const count = await source.readInto(base + span.start, bytes);
      if (count < bytes.length) throw truncated(source, base + span.start + count, "a body is cut");
      loaded.push({ span, bytes });
    }
  } else {
    for (const span of spans) {
      const bytes = await source.read(base + span.start, span.end - span.start);
      if (bytes.length < span.end - span.start) {
        throw truncated(source, base + span.start + bytes.length, "a body is cut");
      }
      loaded.push({ span, bytes });
    }
  }
  return {
    view(start, end) {
      if (start === end) return new Uint8Array(0);
      const { span, bytes } = loaded.find(({ span }) => span.start <= start && end <= span.end)!;
      return bytes.subarray(start - span.start, end - span.start);
    },
    release() {
      if (memory !== undefined) arena.give(memory);
    },
  };
}

function mergedRanges(ranges: readonly ByteRange[]): ByteRange[] {
  const sorted = ranges.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.start - last.end <= GAP) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}

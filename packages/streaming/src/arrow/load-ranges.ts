import type { Arena } from "../source/arena.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { truncated } from "./ipc-frames.ts";
import { layOutRanges, type ByteRange } from "./range-layout.ts";

/** Bytes that were read; they stand in memory until `release`. */
export interface LoadedRanges {
  /** A view of a range that lies within those asked for. */
  readonly view: (start: number, end: number) => Uint8Array;
  readonly release: () => void;
}

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
  const layout = layOutRanges(ranges);
  const parts: Uint8Array[] = [];
  let memory: Uint8Array | undefined;
  if (source.readInto !== undefined && layout.spans.length > 0) memory = arena.take(layout.size);
  for (const { start, end, place } of layout.spans) {
    let bytes: Uint8Array;
    let count: number;
    if (memory === undefined) {
      bytes = await source.read(base + start, end - start);
      count = bytes.length;
    } else {
      bytes = memory.subarray(place, place + end - start);
      count = await source.readInto!(base + start, bytes);
    }
    if (count < end - start) throw truncated(source, base + start + count, "a body is cut");
    parts.push(bytes);
  }
  return {
    view(start, end) {
      if (start === end) return new Uint8Array(0);
      const i = layout.indexOf(start, end);
      const from = start - layout.spans[i]!.start;
      return parts[i]!.subarray(from, from + end - start);
    },
    release() {
      if (memory !== undefined) arena.give(memory);
    },
  };
}

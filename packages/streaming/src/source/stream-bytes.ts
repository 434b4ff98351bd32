import { LossflowError } from "@lossflow/core";
import type { ByteSource } from "./byte-source.ts";

/**
 * Reads a stream of chunks, such as standard input, as a source that goes forward only. What lies before the last
 * `release` is dropped, so memory holds one window of it, not the whole.
 */
export function streamBytes(chunks: AsyncIterable<Uint8Array>, name: string): ByteSource {
  const iterator = chunks[Symbol.asyncIterator]();
  let kept: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  let ended = false;

  async function fill(to: number): Promise<void> {
    while (end < to && !ended) {
      const next = await iterator.next();
      if (next.done === true) {
        ended = true;
      } else if (!((next.value as unknown) instanceof Uint8Array)) {
        throw new LossflowError(
          "LF_BAD_OPTION",
          `${name} gives ${typeof next.value === "string" ? "text" : "something"} where bytes are due; give a stream of Uint8Array, without an encoding.`,
          { path: name },
        );
      } else if (next.value.length > 0) {
        kept.push(next.value);
        end += next.value.length;
      }
    }
  }

  async function fillFrom(at: number, length: number): Promise<void> {
    if (at < start)
      throw new LossflowError("LF_INTERNAL", `${name}: a stream cannot be read backwards.`, { path: name });
    await fill(at + length);
  }

  return {
    name,
    size: undefined,
    async read(at, length) {
      await fillFrom(at, length);
      return joined(kept, at - start, Math.max(0, Math.min(length, end - at)));
    },
    async readInto(at, target) {
      await fillFrom(at, target.length);
      return copyInto(target, kept, at - start);
    },
    release(position) {
      let first = 0;
      while (first < kept.length && start + kept[first]!.length <= position) start += kept[first++]!.length;
      if (first > 0) kept = kept.slice(first);
    },
    async close() {
      kept = [];
      if (!ended) await iterator.return?.();
    },
  };
}

/** Bytes `from` to `from + length` of the chunks laid end to end; a view where they lie in one chunk. */
function joined(chunks: readonly Uint8Array[], from: number, length: number): Uint8Array {
  let skip = from;
  for (const chunk of chunks) {
    if (skip < chunk.length) {
      if (skip + length <= chunk.length) return chunk.subarray(skip, skip + length);
      break;
    }
    skip -= chunk.length;
  }
  const out = new Uint8Array(length);
  copyInto(out, chunks, from);
  return out;
}

/** Copies the chunks laid end to end, from `from` on. @returns how many bytes there were. */
function copyInto(target: Uint8Array, chunks: readonly Uint8Array[], from: number): number {
  let skip = from;
  let to = 0;
  for (const chunk of chunks) {
    if (to === target.length) break;
    const part = chunk.subarray(skip, skip + target.length - to);
    skip = Math.max(0, skip - chunk.length);
    target.set(part, to);
    to += part.length;
  }
  return to;
}

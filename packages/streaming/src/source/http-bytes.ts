import { LossflowError } from "@lossflow/core";
import type { ByteSource } from "./byte-source.ts";
import type { Asked, HttpAnswer } from "./http-answer.ts";
import { FIRST_BYTES, firstAnswer, readRange } from "./http-requests.ts";
import { streamBytes } from "./stream-bytes.ts";

const BLOCK_BYTES = 2 ** 21;
/** Blocks that are kept: that which is read, the one ahead, the end of the file, and one more. */
const BLOCKS = 4;

/** Opens a file on a server: by ranges, else as a stream. Closing it ends its requests. @throws LF_NOT_FOUND, LF_HTTP */
export async function httpBytes(asked: Asked): Promise<ByteSource> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const finish = (): void => {
    asked.signal.removeEventListener("abort", end);
    end();
  };
  asked.signal.addEventListener("abort", end);
  if (asked.signal.aborted) end();
  try {
    const source = await openBytes({ ...asked, signal: ending.signal });
    return {
      ...source,
      close() {
        finish();
        return source.close();
      },
    };
  } catch (error) {
    finish();
    throw error;
  }
}

async function openBytes(asked: Asked): Promise<ByteSource> {
  const { name } = asked;
  const first = await firstAnswer(asked);
  const { size, answer } = first;
  if (size === undefined) return streamBytes(wholeBody(answer, name), name);
  const head = await answer.bytes(Math.min(size, FIRST_BYTES)).catch(() => null);
  const blocks = new Map<number, Promise<Uint8Array>>();
  const block = (index: number): Promise<Uint8Array> => {
    let known = blocks.get(index);
    if (known === undefined) {
      const from = index * BLOCK_BYTES;
      known = readRange(asked, from, Math.min(size, from + BLOCK_BYTES), first);
      // One that is read ahead may fail before anybody waits for it.
      known.catch(() => undefined);
    }
    // The one used last stands last.
    blocks.delete(index);
    blocks.set(index, known);
    if (blocks.size > BLOCKS) blocks.delete(blocks.keys().next().value!);
    return known;
  };
  return {
    name,
    size,
    async read(at, length) {
      const end = Math.min(size, at + length);
      if (end <= at) return new Uint8Array(0);
      if (head !== null && end <= head.length) return head.subarray(at, end);
      const out = new Uint8Array(end - at);
      for (let place = at; place < end;) {
        const index = Math.floor(place / BLOCK_BYTES);
        const wait = block(index);
        if ((index + 1) * BLOCK_BYTES < size) void block(index + 1);
        const bytes = (await wait).subarray(place - index * BLOCK_BYTES, end - index * BLOCK_BYTES);
        out.set(bytes, place - at);
        place += bytes.length;
      }
      return out;
    },
    close: () => Promise.resolve(blocks.clear()),
  };
}

/** The chunks of a body; one that ends before its announced length is a file that was cut on its way. */
async function* wholeBody(answer: HttpAnswer, name: string): AsyncGenerator<Uint8Array> {
  const { headers } = answer;
  const announced = headers.has("content-encoding") ? null : headers.get("content-length");
  let count = 0;
  try {
    for await (const chunk of answer.chunks()) {
      count += chunk.length;
      yield chunk;
    }
  } catch (cause) {
    throw cut(name, cause);
  }
  if (announced !== null && count !== Number(announced)) throw cut(name);
}

function cut(name: string, cause?: unknown): LossflowError {
  return new LossflowError(
    "LF_HTTP",
    `${name} cannot be read to its end: the connection broke or fell silent, and the server gives no ranges to go on from; download the file first.`,
    { path: name },
    { cause },
  );
}

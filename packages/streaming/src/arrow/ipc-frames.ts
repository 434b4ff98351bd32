import { LossflowError } from "@lossflow/core";
import type { ByteSource } from "../source/byte-source.ts";
import { messageFromBytes, type ArrowMessage } from "./message.ts";

/** A message and where it stands; its body follows at `body`. */
export interface ArrowFrame {
  readonly at: number;
  readonly body: number;
  readonly message: ArrowMessage;
}

/** No metadata of a real table comes near this; a length beyond it is damage. */
const MOST_METADATA = 256 * 2 ** 20;
/** Prefix and metadata of most batches fit in one read of this size. */
const FIRST_READ = 4096;

/**
 * Reads the message at `at`: its prefix, its metadata, not its body.
 * @param end where the messages must end: the footer of a file, or the end of a stream where it is known.
 * @returns the frame; null at the end mark, with the position after it.
 * @throws LF_TRUNCATED where the source ends first; LF_ARROW_INVALID
 */
export async function readFrame(
  source: ByteSource,
  at: number,
  end: number | undefined,
): Promise<ArrowFrame | { readonly end: number }> {
  const head = await source.read(at, end === undefined ? FIRST_READ : Math.min(FIRST_READ, end - at));
  if (head.length < 4) throw truncated(source, at, "it has no end mark");
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  // Before Arrow 0.15 the length stood alone; since then a mark of four 0xFF bytes stands before it.
  const marked = view.getUint32(0, true) === 0xffffffff;
  if (marked && head.length < 8) throw truncated(source, at, "a length is cut");
  const length = view.getInt32(marked ? 4 : 0, true);
  const start = at + (marked ? 8 : 4);
  if (length === 0) return { end: start };
  if (length < 0 || length > MOST_METADATA) {
    throw new LossflowError(
      "LF_ARROW_INVALID",
      `${source.name}: a message at byte ${at} declares ${length} bytes of metadata.`,
      {
        path: source.name,
      },
    );
  }
  if (end !== undefined && start + length > end)
    throw truncated(source, at, `a message of ${length} bytes is cut`);
  const metadata =
    start + length <= at + head.length
      ? head.subarray(start - at, start - at + length)
      : await source.read(start, length);
  if (metadata.length < length) throw truncated(source, at, `a message of ${length} bytes is cut`);
  const body = start + length;
  const message = messageFromBytes(metadata);
  if (end !== undefined && body + message.bodyLength > end) {
    throw truncated(source, at, `a body of ${message.bodyLength} bytes is cut`);
  }
  return { at, body, message };
}

/** Builds the refusal of a source that ends before its data does. */
export function truncated(source: Pick<ByteSource, "name">, at: number, why: string): LossflowError {
  return new LossflowError(
    "LF_TRUNCATED",
    `${source.name} is truncated or damaged at byte ${at}: ${why}; write or copy the file again.`,
    { path: source.name },
  );
}

import { LossflowError } from "@lossflow/core";
import { contentOf, seal, SEAL_BYTES } from "../checkpoint/seal.node.ts";
import type { FoldResult } from "../worker/fold-task.ts";
import { dataFromError, type ErrorData } from "../worker/error-data.ts";

const STATE = 0;
const REFUSAL = 1;

/** Writes what folding a chunk gave, sealed: one byte, then the partial state, or the refusal as JSON. */
export function bytesFromResult(result: FoldResult): Uint8Array<ArrayBuffer> {
  const content = result.ok ? result.state : new TextEncoder().encode(JSON.stringify(result.error));
  const bytes = new Uint8Array(1 + content.length + SEAL_BYTES);
  bytes[0] = result.ok ? STATE : REFUSAL;
  bytes.set(content, 1);
  seal(bytes);
  return bytes;
}

/** The result of a chunk that could not be folded. */
export function resultFromError(error: unknown): Uint8Array<ArrayBuffer> {
  return bytesFromResult({ ok: false, error: dataFromError(error) });
}

/** Reads what {@link bytesFromResult} wrote; a state is a copy, not yet looked into. @throws LF_STATE_UNKNOWN, LF_STATE_DAMAGED */
export function resultFromBytes(bytes: Uint8Array): FoldResult {
  if (bytes[0] !== STATE && bytes[0] !== REFUSAL)
    throw new LossflowError("LF_STATE_UNKNOWN", "These bytes are no result of a chunk.");
  const content = contentOf(bytes);
  if (content === null) throw damaged();
  if (content[0] === STATE) return { ok: true, state: content.slice(1) };
  const error = jsonFromBytes(content.subarray(1));
  if (!isErrorData(error)) throw damaged();
  return { ok: false, error };
}

function damaged(): LossflowError {
  return new LossflowError("LF_STATE_DAMAGED", "The result of a chunk is cut or changed.");
}

/** What a JSON text says; undefined where it is none. */
export function jsonFromBytes(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Whether what was read is an error as data. */
export function isErrorData(read: unknown): read is ErrorData {
  const { code, message, place } = Object(read) as Partial<ErrorData>;
  const isCode = typeof code === "string" && code.startsWith("LF_");
  return isCode && typeof message === "string" && typeof place === "object" && place !== null;
}

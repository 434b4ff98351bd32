import { isLossflowError, LossflowError } from "@lossflow/core";
import { contentOf, seal, SEAL_BYTES } from "../checkpoint/seal.node.ts";
import { bytesFromFold, foldFromBytes, partFromBytes } from "../fold/fold-bytes.ts";
import { createFold, mergeFold, type FoldState } from "../fold/fold-state.ts";
import { compilePlan, type CompiledPlan, type Plan } from "../fold/plan.ts";
import { dataFromError, errorFromData, type ErrorData } from "../worker/error-data.ts";
import { isErrorData, jsonFromBytes, resultFromBytes } from "./result-bytes.ts";

/** The refusal of the lowest chunk that has one. */
interface Refusal {
  readonly chunk: number;
  readonly error: ErrorData;
}

/**
 * The state of a job whose chunks are folded elsewhere: their results merge in any order to the same bytes. What a chunk
 * refuses is part of it; of several refusals that of the lowest chunk counts, whose rows come first.
 */
export class JobState {
  readonly #plan: CompiledPlan;
  readonly #fold: FoldState;
  #refusal: Refusal | null;

  private constructor(plan: CompiledPlan, fold: FoldState, refusal: Refusal | null) {
    this.#plan = plan;
    this.#fold = fold;
    this.#refusal = refusal;
  }

  /** The state of no chunk, or of what `toBytes` wrote. @throws LF_STATE_* */
  static open(planText: string, bytes?: Uint8Array): JobState {
    const plan = compilePlan(JSON.parse(planText) as Plan, null);
    if (bytes === undefined) return new JobState(plan, createFold(plan), null);
    const { refusal, fold } = partsOf(bytes);
    return new JobState(plan, foldFromBytes(fold, plan), refusal);
  }

  /** What has been folded so far. */
  get fold(): FoldState {
    return this.#fold;
  }

  /** @throws what the lowest chunk refused, where one did */
  check(): void {
    if (this.#refusal !== null) throw errorFromData(this.#refusal.error);
  }

  /** Adds the result of a chunk. The caller sees to it that each is added once. @throws LF_STATE_* */
  add(chunk: number, result: Uint8Array): void {
    const read = resultFromBytes(result);
    if (read.ok) this.#mergeFold(chunk, read.state);
    else this.#refuse({ chunk, error: read.error });
  }

  /**
   * Adds the partial state of the rows of several chunks. @throws LF_SHAPE, LF_STATE_* where they do not go with the rows
   * of others: some of it may have been added
   */
  addRows(state: Uint8Array): void {
    mergeFold(this.#fold, partFromBytes(state, this.#plan), this.#plan);
  }

  /** Adds what another state holds, of other chunks. @throws LF_STATE_* */
  merge(bytes: Uint8Array): void {
    const { refusal, fold } = partsOf(bytes);
    this.#mergeFold(refusal?.chunk ?? 0, fold);
    if (refusal !== null) this.#refuse(refusal);
  }

  /** Writes the state, sealed: the length of a JSON text, the text with the refusal, and the fold. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const text = new TextEncoder().encode(JSON.stringify(this.#refusal));
    const fold = bytesFromFold(this.#fold, this.#plan.tableRoom);
    const bytes = new Uint8Array(4 + text.length + fold.length + SEAL_BYTES);
    new DataView(bytes.buffer).setUint32(0, text.length, true);
    bytes.set(text, 4);
    bytes.set(fold, 4 + text.length);
    seal(bytes);
    return bytes;
  }

  #mergeFold(chunk: number, bytes: Uint8Array): void {
    try {
      this.addRows(bytes);
    } catch (error) {
      // Rows of chunks that do not go together, such as lists of other lengths.
      if (!isLossflowError(error) || error.code.startsWith("LF_STATE_")) throw error;
      this.#refuse({ chunk, error: dataFromError(error) });
    }
  }

  #refuse(refusal: Refusal): void {
    if (this.#refusal === null || refusal.chunk < this.#refusal.chunk) this.#refusal = refusal;
  }
}

function partsOf(bytes: Uint8Array): { readonly refusal: Refusal | null; readonly fold: Uint8Array } {
  const content = contentOf(bytes);
  if (content === null || content.length < 4) throw damaged();
  const end = 4 + new DataView(content.buffer, content.byteOffset).getUint32(0, true);
  const refusal = jsonFromBytes(content.subarray(4, end));
  if (!(refusal === null || isRefusal(refusal))) throw damaged();
  // A copy, so that its arrays stand as they were written: at multiples of their size.
  return { refusal, fold: content.slice(end) };
}

function damaged(): LossflowError {
  return new LossflowError("LF_STATE_DAMAGED", "The state of a job is cut or changed.");
}

function isRefusal(read: unknown): read is Refusal {
  const { chunk, error } = Object(read) as Partial<Refusal>;
  return Number.isSafeInteger(chunk) && isErrorData(error);
}

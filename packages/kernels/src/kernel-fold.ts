import {
  RunningLoss,
  type Loss,
  type LossColumns,
  type RunningLossOptions,
  type RunningLossState,
} from "@lossflow/core";
import { batchFromColumns, refuse } from "./batch.ts";
import type { Column } from "./column.ts";
import { typeOf, type KernelMemory } from "./kernel-memory.ts";
import type { KernelPlan } from "./kernel-plan.ts";
import { blockCounts, firstOddLoss, runningLossFromRecord, type BlockCounts } from "./state-record.ts";

/** As for a running loss; squares are kept only where asked for, as they take longer than the losses. */
export type FoldOptions = Pick<RunningLossOptions, "nan" | "zeroWeight" | "squares">;

export interface FoldColumns extends LossColumns {
  /** A weight for each unit. Those of 0 count as ignored, but refused values beside them are refused. */
  readonly weight?: Column;
}

const BLOCK = 512;
const SLICE = 2 ** 18;

/**
 * Adds up the losses of many batches. The sums are exact: what {@link KernelFold.drainInto} gives is what
 * RunningLoss.addArray would have made of the same losses, to the last bit, for any cut into batches.
 *
 * Class weights and ignored labels are the caller's: leave ignored units out, and give the weights.
 */
export class KernelFold {
  readonly #memory: KernelMemory;
  readonly #loss: Loss;
  readonly #plan: KernelPlan;
  readonly #options: RunningLossOptions & { readonly squares: boolean };
  readonly #state: number;
  #weighted: boolean | null = null;
  /** What is too near the ends of float64 for the kernels' sums, where there is any. */
  #rest: RunningLossState | null = null;
  #restBlocks = 0;

  /** Use Kernels.fold. */
  constructor(memory: KernelMemory, loss: Loss, plan: KernelPlan, options: FoldOptions) {
    this.#memory = memory;
    this.#loss = loss;
    this.#plan = plan;
    this.#options = { ...options, squares: options.squares ?? false };
    // Refuses what is no option now, not at the end.
    RunningLoss.create(this.#options);
    this.#state = memory.takeState();
  }

  /**
   * Adds the loss of each unit; `firstRow` is the row of the first in the whole stream.
   * @throws as Loss.unreduced, with the row in these columns; LF_NON_FINITE under the policy `throw`;
   *   LF_WEIGHT_OUT_OF_RANGE. What stands before the block of 512 that holds the row has then been added.
   */
  add(columns: FoldColumns, firstRow: number): void {
    const { rows, classes, weight } = columns;
    const { target, targetType, prediction, predictionType, width, targetWidth } = batchFromColumns(
      this.#loss,
      columns,
    );
    if ((this.#plan.classes ?? classes) !== classes) refuse(this.#loss, columns, rows);
    this.#expectWeights(weight !== undefined);
    const weightType = weight === undefined ? 0 : typeOf(weight);
    const { wasm } = this.#memory;
    const inPlace =
      this.#memory.holds(target) &&
      this.#memory.holds(prediction) &&
      (weight === undefined || this.#memory.holds(weight));
    const step = inPlace ? rows : Math.max(BLOCK, Math.floor(SLICE / width / BLOCK) * BLOCK);
    for (let first = 0; first < rows; first += step) {
      const count = Math.min(step, rows - first);
      const slice = (column: Column, each: number): Column =>
        inPlace ? column : column.subarray(first * each, (first + count) * each);
      const slices = [slice(target, targetWidth), slice(prediction, width)];
      if (weight !== undefined) slices.push(slice(weight, 1));
      const [t, p, w] = this.#memory.place(slices, 0);
      this.#memory.setParameters(this.#plan.parameters);
      for (let done = 0; done < count;) {
        const from = done;
        done = wasm.fold(
          this.#state,
          this.#plan.kind,
          t!,
          targetType,
          p!,
          predictionType,
          weight === undefined ? 0 : w!,
          weightType,
          from,
          count,
          classes,
          firstRow + first,
          this.#options.squares,
        );
        if (wasm.outcome.value === REFUSED) refuse(this.#loss, columns, Math.min(rows, first + done + BLOCK));
        if (wasm.outcome.value === TOO_FAR) {
          const size = Math.min(BLOCK, count - done);
          this.#addRest(size, firstRow + first + done, weight?.subarray(first + done, first + done + size));
          done += size;
        }
      }
      this.#refuseOdd();
    }
  }

  /** How many blocks of 512 went which way; `core` those that this thread's ExactSum had to take. */
  get blocks(): BlockCounts & { readonly core: number } {
    return { ...blockCounts(this.#memory.buffer, this.#state), core: this.#restBlocks };
  }

  /** Adds all that was folded to a running loss made with the same options, and begins anew. @throws LF_STATE_MISMATCH */
  drainInto(running: RunningLossState): void {
    const { wasm, buffer } = this.#memory;
    wasm.settle(this.#state);
    RunningLoss.merge(
      running,
      runningLossFromRecord(buffer, this.#state, this.#options, this.#weighted === true),
    );
    if (this.#rest !== null) RunningLoss.merge(running, this.#rest);
    wasm.clearState(this.#state);
    this.#rest = null;
    this.#restBlocks = 0;
    this.#weighted = null;
  }

  /** Gives the state in memory back. The fold must not be used any more. */
  free(): void {
    this.#memory.freeState(this.#state);
  }

  /** Batches with and without weights are summed apart. */
  #expectWeights(weighted: boolean): void {
    if (this.#weighted !== null && this.#weighted !== weighted) {
      const before = RunningLoss.create(this.#options);
      this.drainInto(before);
      this.#rest = before;
    }
    this.#weighted = weighted;
  }

  #addRest(count: number, firstRow: number, weights: Column | undefined): void {
    const losses = new Float64Array(this.#memory.buffer, this.#memory.losses, count);
    this.#rest ??= RunningLoss.create(this.#options);
    RunningLoss.addArray(this.#rest, losses, { firstRow, ...(weights === undefined ? {} : { weights }) });
    this.#restBlocks++;
  }

  /** Under the policy `throw` the running loss itself refuses. */
  #refuseOdd(): void {
    if (this.#options.nan !== "throw") return;
    const odd = firstOddLoss(this.#memory.buffer, this.#state);
    if (odd !== null) RunningLoss.add(RunningLoss.create({ nan: "throw" }), odd.value, 1, odd.row);
  }
}

const TOO_FAR = 1;
const REFUSED = 2;

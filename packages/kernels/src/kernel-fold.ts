import {
  LossflowError,
  RunningLoss,
  type Loss,
  type LossColumns,
  type RunningLossOptions,
  type RunningLossState,
} from "@lossflow/core";
import { batchFromColumns, refuse, type Batch } from "./batch.ts";
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
    if (typeof options !== "object")
      throw new LossflowError(
        "LF_BAD_OPTION",
        'The options of a fold are no object; give one such as { nan: "skip" }, or none.',
      );
    this.#options = { ...options, squares: options.squares ?? false };
    // Refuses what is no option now, not at the end.
    RunningLoss.create(this.#options);
    this.#state = memory.takeState();
  }

  /**
   * Adds the loss of each unit; `firstRow` is the row of the first in the whole stream.
   * @throws as Loss.unreduced, with the row in these columns; LF_NON_FINITE under the policy `throw`;
   *   LF_WEIGHT_OUT_OF_RANGE; LF_BAD_OPTION where `firstRow` is no whole number from 0 on. What stands before the block of 512 that holds the row has then been added.
   */
  add(columns: FoldColumns, firstRow: number): void {
    const batch = batchFromColumns(this.#loss, columns);
    const { rows, classes, weight } = columns;
    if (!(Number.isSafeInteger(firstRow) && firstRow >= 0))
      throw new LossflowError(
        "LF_BAD_OPTION",
        `The first row is ${String(firstRow)}; give a whole number from 0 on, as a number.`,
      );
    const { target, prediction, width, targetWidth } = batch;
    if ((this.#plan.classes ?? classes) !== classes) refuse(this.#loss, columns, rows);
    this.#expectWeights(weight !== undefined);
    if (weight !== undefined) typeOf(weight);
    const memory = this.#memory;
    if (memory.holds(target) && memory.holds(prediction) && (weight === undefined || memory.holds(weight))) {
      const { byteOffset } = weight ?? NOWHERE;
      this.#addPlaced(
        columns,
        batch,
        target.byteOffset,
        prediction.byteOffset,
        byteOffset,
        0,
        rows,
        firstRow,
      );
      return;
    }
    const step = Math.max(BLOCK, Math.floor(SLICE / width / BLOCK) * BLOCK);
    for (let first = 0; first < rows; first += step) {
      const end = Math.min(step + first, rows);
      const slices = [
        target.subarray(first * targetWidth, end * targetWidth),
        prediction.subarray(first * width, end * width),
      ];
      if (weight !== undefined) slices.push(weight.subarray(first, end));
      const [t, p, w] = memory.place(slices, 0);
      this.#addPlaced(columns, batch, t!, p!, weight === undefined ? 0 : w!, first, end - first, firstRow);
    }
  }

  /** Adds `count` rows from `first` on, which stand in memory. */
  #addPlaced(
    columns: FoldColumns,
    { targetType, predictionType }: Batch,
    target: number,
    prediction: number,
    weight: number,
    first: number,
    count: number,
    firstRow: number,
  ): void {
    const { rows, classes } = columns;
    const { wasm } = this.#memory;
    this.#memory.setParameters(this.#plan.parameters);
    for (let done = 0; done < count;) {
      done = wasm.fold(
        this.#state,
        this.#plan.kind,
        target,
        targetType,
        prediction,
        predictionType,
        weight,
        columns.weight === undefined ? 0 : typeOf(columns.weight),
        done,
        count,
        classes,
        firstRow + first,
        this.#options.squares,
      );
      if (done === count) break;
      if (wasm.outcome.value === REFUSED) refuse(this.#loss, columns, Math.min(rows, first + done + BLOCK));
      const size = Math.min(BLOCK, count - done);
      this.#addRest(
        size,
        firstRow + first + done,
        columns.weight?.subarray(first + done, first + done + size),
      );
      done += size;
    }
    this.#refuseOdd();
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

/** What stands beside `TOO_FAR` of assembly/index.ts. */
const REFUSED = 2;
const NOWHERE = { byteOffset: 0 };

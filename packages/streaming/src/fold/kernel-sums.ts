import { RunningLoss, type Loss } from "@lossflow/core";
import type { KernelFold, Kernels } from "@lossflow/kernels";
import type { FoldState } from "./fold-state.ts";
import type { CompiledPlan } from "./plan.ts";

/** A memory has room for 64 running sums; losses beyond these are summed a segment at a time. */
const MOST = 32;

/**
 * The sums that kernels keep in their memory over all segments of a task: reading one out takes as long as folding some
 * ten thousand rows.
 */
export class KernelSums {
  readonly #plan: CompiledPlan;
  readonly #folds = new Map<string, { readonly loss: number; readonly fold: KernelFold }>();
  #spoilt = false;

  constructor(plan: CompiledPlan) {
    this.#plan = plan;
  }

  /** The running sum of a loss by these kernels; null where it is to be summed by itself. */
  of(loss: Loss, kernels: Kernels): KernelFold | null {
    const at = this.#plan.losses.indexOf(loss);
    if (at >= MOST) return null;
    const key = `${at} ${kernels === this.#plan.inPlace}`;
    let held = this.#folds.get(key);
    if (held === undefined) {
      held = { loss: at, fold: kernels.fold(loss, { nan: this.#plan.nan, squares: false }) };
      this.#folds.set(key, held);
    }
    return held.fold;
  }

  /** Part of a segment may be in a sum, and was refused: the task has to be folded again without sums. */
  spoil(): void {
    this.#spoilt = true;
  }

  /** Adds the sums to the state of the task. @returns whether they may be used, else nothing was added. */
  drainInto(state: FoldState): boolean {
    if (this.#spoilt) return false;
    for (const { loss, fold } of this.#folds.values()) {
      const part = RunningLoss.create(this.#plan.stateOptions(this.#plan.losses[loss]!));
      fold.drainInto(part);
      RunningLoss.merge(state.losses[loss]!.total.state, part);
    }
    return true;
  }

  free(): void {
    for (const { fold } of this.#folds.values()) fold.free();
    this.#folds.clear();
  }
}

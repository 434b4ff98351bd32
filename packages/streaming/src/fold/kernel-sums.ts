import { RunningLoss, type Loss } from "@lossflow/core";
import type { KernelFold, Kernels } from "@lossflow/kernels";
import type { FoldState } from "./fold-state.ts";
import type { CompiledPlan } from "./plan.ts";

/** A memory has room for 64 running sums; losses that are left with fewer than these are summed a segment at a time. */
const LEFT = 8;

/**
 * The sums that kernels keep in their memory over many segments: reading one out takes as long as folding some ten
 * thousand rows.
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
    const key = `${at} ${kernels === this.#plan.inPlace}`;
    let held = this.#folds.get(key);
    if (held === undefined) {
      if (kernels.foldsLeft <= LEFT) return null;
      held = { loss: at, fold: kernels.fold(loss, { nan: this.#plan.nan, squares: false }) };
      this.#folds.set(key, held);
    }
    return held.fold;
  }

  /** Whether part of a segment that was refused is in a sum. */
  get spoilt(): boolean {
    return this.#spoilt;
  }

  /** Part of a segment may be in a sum, and was refused: its rows have to be folded again without sums. */
  spoil(): void {
    this.#spoilt = true;
  }

  /** Adds the sums to a state, and begins anew. @returns whether they may be used, else nothing was added. */
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

import { RunningLoss, type Loss } from "@lossflow/core";
import type { KernelFold, Kernels } from "@lossflow/kernels";
import { CellSums } from "./cell-sums.ts";
import type { FoldState } from "./fold-state.ts";
import type { CompiledPlan } from "./plan.ts";

/** Which cells of a loss. */
export type CellsOf = "groups" | "windows";

/** A memory has room for 64 running sums; losses that are left with fewer than these are summed a segment at a time. */
const LEFT = 8;

/**
 * The sums that are kept over many segments until a task is done: those of kernels, in their memory, since reading one out
 * takes as long as folding some ten thousand rows, and those of few cells.
 */
export class TaskSums {
  readonly #plan: CompiledPlan;
  readonly #folds = new Map<string, { readonly loss: number; readonly fold: KernelFold }>();
  readonly #cells = new Map<
    string,
    { readonly loss: number; readonly of: CellsOf; readonly sums: CellSums }
  >();
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

  /** The sums of the groups of a loss, which then hold all of its finite losses, or of its windows. */
  ofCells(loss: number, of: CellsOf): CellSums {
    const key = `${loss} ${of}`;
    let held = this.#cells.get(key);
    if (held === undefined) {
      held = { loss, of, sums: new CellSums(this.#plan.stateOptions(this.#plan.losses[loss]!)) };
      this.#cells.set(key, held);
    }
    return held.sums;
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
    for (const { loss, of, sums } of this.#cells.values()) {
      const into = state.losses[loss]!;
      // The last segment has been folded: its room is free.
      this.#plan.room.clear();
      sums.drainInto(into[of], of === "groups" ? into.total.state : null, this.#plan.room);
    }
    return true;
  }

  /** Gives back what kernels hold; the sums may be used again. */
  free(): void {
    for (const { fold } of this.#folds.values()) fold.free();
    this.#folds.clear();
  }
}

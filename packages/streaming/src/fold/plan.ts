import {
  lossFromSpec,
  RunningLoss,
  type Loss,
  type LossSpec,
  type NanPolicy,
  type RunningLossState,
} from "@lossflow/core";
import type { Kernels } from "@lossflow/kernels";
import type { Engine } from "./engine.ts";

/**
 * What is to be done with every row, as plain JSON: it goes with each task, so that any worker can do any task.
 * Columns are named once; the roles point into `columns`.
 */
export interface Plan {
  readonly engine: Engine;
  readonly losses: readonly LossSpec[];
  readonly nan: NanPolicy;
  readonly columns: readonly string[];
  readonly target: readonly number[];
  readonly prediction: readonly number[];
  readonly weight: number | null;
  readonly variance: number | null;
  readonly by: readonly number[];
  /** Rows of one window. */
  readonly window: number | null;
  /** How many of the highest losses are kept. */
  readonly top: number | null;
  /** Texts that stand for labels, in order. */
  readonly classes: readonly string[] | null;
}

/** A plan with its losses built, and the memory that its chunks are worked in. */
export interface CompiledPlan extends Omit<Plan, "losses"> {
  readonly losses: readonly Loss[];
  /** What losses are evaluated by, where it has a kernel for them; null for core alone. */
  readonly kernels: Kernels | null;
  /** Makes the state of no rows for a loss. */
  readonly emptyState: (loss: Loss) => RunningLossState;
  readonly scratch: Scratch;
}

/** Builds the losses of a plan; `kernels` are those of its engine, where rows are to be folded. @throws LF_UNKNOWN_LOSS, LF_BAD_PARAMETER */
export function compilePlan(plan: Plan, kernels: Kernels | null): CompiledPlan {
  return {
    ...plan,
    kernels,
    losses: plan.losses.map((spec) => lossFromSpec(spec)),
    emptyState: (loss) =>
      RunningLoss.create({
        nan: plan.nan,
        squares: false,
        ...(loss.whole === undefined ? {} : { parts: loss.whole.parts }),
      }),
    scratch: new Scratch(),
  };
}

/** Arrays that are used again for each chunk; one taken under a name is overwritten by the next of that name. */
export class Scratch {
  readonly #arrays = new Map<string, Float64Array>();

  take(name: string, length: number): Float64Array {
    let array = this.#arrays.get(name);
    if (array === undefined || array.length < length) {
      array = new Float64Array(Math.max(length, 1024));
      this.#arrays.set(name, array);
    }
    return array.length === length ? array : array.subarray(0, length);
  }
}

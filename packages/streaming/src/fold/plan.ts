import { lossFromSpec, type LossSpec, type NanPolicy, type RunningLossOptions } from "@lossflow/core";
import type { Kernels } from "@lossflow/kernels";
import { ReusedRoom } from "../columns/row-room.ts";
import { metricFromSpec, type MetricSpec } from "../metrics/metrics.ts";
import type { Measure } from "../metrics/metric.ts";
import type { Engine } from "./engine.ts";
import { TableRoom } from "./packed-table.ts";
import type { WindowCut } from "./window-table.ts";

/** Which columns a loss reads as what. */
export interface Roles {
  readonly target: readonly number[];
  readonly prediction: readonly number[];
  readonly weight: number | null;
  readonly variance: number | null;
}

/**
 * What is to be done with every row, as plain JSON: it goes with each task, so that any worker can do any task.
 * Columns are named once; the roles point into `columns`.
 */
export interface Plan extends Roles {
  readonly engine: Engine;
  /** Losses, then metrics. */
  readonly losses: readonly (LossSpec | MetricSpec)[];
  readonly nan: NanPolicy;
  readonly columns: readonly string[];
  readonly by: readonly number[];
  readonly window: WindowPlan | null;
  /** How many of the highest losses are kept, and the columns that are shown of their rows. */
  readonly top: number | null;
  readonly show: readonly number[];
  /** Whether the losses are sketched, for quantiles. */
  readonly quantiles: boolean;
  /** The columns of each loss, where they are others than those of the plan. */
  readonly roles: readonly (Roles | null)[];
  /** Texts that stand for labels, in order. */
  readonly classes: readonly string[] | null;
}

/** Windows over rows, over the numbers of a column, or over its times, in microseconds then. */
export type WindowPlan =
  | { readonly kind: "rows"; readonly width: number }
  | { readonly kind: "step"; readonly column: number; readonly width: number; readonly slide: number }
  | {
      readonly kind: "time";
      readonly column: number;
      readonly width: number;
      readonly slide: number;
      readonly lateness: number | null;
    };

/** A plan with its losses built, and the memory that its chunks are worked in. */
export interface CompiledPlan extends Omit<Plan, "losses"> {
  readonly losses: readonly Measure[];
  /** What losses are evaluated by, where it has a kernel for them; null for core alone. */
  readonly kernels: Kernels | null;
  /** The same over the memory that files are read into, which fold what stands there. */
  readonly inPlace: Kernels | null;
  /** How windows are cut; null where there are none. */
  readonly windowCut: WindowCut | null;
  /** What the running states of a loss are made with. */
  readonly stateOptions: (loss: Measure) => RunningLossOptions;
  readonly scratch: Scratch;
  /** Where the columns of a segment are read to; the next one takes it over. */
  readonly room: ReusedRoom;
  /** Where the tables of its states are written and read. */
  readonly tableRoom: TableRoom;
}

/** Builds the losses of a plan; `kernels` are those of its engine, where rows are to be folded. @throws LF_UNKNOWN_LOSS, LF_UNKNOWN_METRIC, LF_BAD_PARAMETER */
export function compilePlan(
  plan: Plan,
  kernels: Kernels | null,
  inPlace: Kernels | null = null,
): CompiledPlan {
  return {
    ...plan,
    kernels,
    inPlace,
    losses: plan.losses.map((spec) => ("metric" in spec ? metricFromSpec(spec) : lossFromSpec(spec))),
    windowCut: plan.window === null ? null : cutOfWindow(plan.window),
    stateOptions: (loss) => ({
      nan: plan.nan,
      squares: false,
      ...(loss.whole === undefined ? {} : { parts: loss.whole.parts }),
    }),
    scratch: new Scratch(),
    room: new ReusedRoom(),
    tableRoom: new TableRoom(),
  };
}

/** Whether nothing is kept of single rows: kernels fold most losses then without writing them down. */
export function isOfTotalsAlone({ by, engine, quantiles, top, window }: Plan): boolean {
  return engine !== "js" && by.length === 0 && window === null && top === null && !quantiles;
}

function cutOfWindow(window: WindowPlan): WindowCut {
  const slide = window.kind === "rows" ? window.width : window.slide;
  return {
    slide,
    overlap: Math.round(window.width / slide),
    lateness: window.kind === "time" ? window.lateness : null,
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

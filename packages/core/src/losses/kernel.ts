import type { WeighedColumns } from "../input/arrangement.ts";
import type { LossId, TargetKind } from "../loss.ts";
import type { Rules } from "./parameters.ts";

/** The loops of one loss over columns. */
export interface Loops {
  /** Writes the loss of each unit into `out[0 .. rows)`; a shorter way is open where `check` found the columns clean. */
  readonly evaluate: (columns: WeighedColumns, out: Float64Array, isClean?: boolean | void) => void;
  /** Writes the derivative of each unit's own loss by its predictions into `out[0 .. rows * classes)`. */
  readonly differentiate: (columns: WeighedColumns, out: Float64Array) => void;
}

/** What one loss brings, its options read. All else (layouts, weights, reductions, widths) is common to all. */
export interface Kernel extends Loops {
  readonly id: LossId;
  readonly rules: Rules;
  readonly target: TargetKind;
  /** Rows with this label are left out; `labelWeight` of it is 0. */
  readonly ignoreIndex?: number | null;
  /** The factor a label brings along: the mean divides by their sum. */
  readonly labelWeight?: ((label: number) => number) | false;
  /** Whether `evaluate` and `differentiate` have the label's weight in them. */
  readonly weighsLabels?: boolean;

  /** Refuses columns out of their range. @returns whether the predictions are all inside, none NaN. */
  readonly check?: (columns: WeighedColumns) => boolean | void;
}

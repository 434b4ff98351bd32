import type { Arrange } from "../input/arrangement.ts";
import type { LossColumns, LossId, TargetKind, WholeLoss } from "../loss.ts";

/** What one loss brings: its loops over columns. All else (weights, reductions, widths) is common to all. */
export interface Kernel {
  readonly id: LossId;
  readonly params: Readonly<Record<string, unknown>>;
  readonly unit: "element" | "row";
  readonly target: TargetKind;
  readonly readsVariance?: boolean;
  readonly arrange: Arrange;
  /** Rows with this label are left out; `labelWeight` of it is 0. */
  readonly ignoreIndex?: number | null;
  /** The factor a label brings along: the mean divides by their sum. */
  readonly labelWeight?: (label: number) => number;
  /** Whether `evaluate` and `differentiate` have the label's weight in them. */
  readonly weighsLabels?: boolean;
  readonly whole?: WholeLoss;

  /** Refuses columns out of their range. */
  check?(columns: LossColumns): void;
  /** Writes the loss of each unit into `out[0 .. rows)`. */
  evaluate(columns: LossColumns, out: Float64Array): void;
  /** Writes the derivative of each unit's own loss by its predictions into `out[0 .. rows * classes)`. */
  differentiate(columns: LossColumns, out: Float64Array): void;
  /** As `evaluate`, for the engine, where that differs: without any weight, refused where units are not independent. */
  unreduced?(columns: LossColumns, out: Float64Array): void;
  /** Gives the kernel for one whole batch, where the loss must see all of it first. */
  forBatch?(columns: LossColumns): Kernel;
}

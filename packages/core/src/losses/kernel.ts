import type { LossColumns, LossId, TargetKind, WholeLoss } from "../loss.ts";

/** What one loss brings: its loops over columns. All else (shapes, weights, reductions, widths) is common to all. */
export interface Kernel {
  readonly id: LossId;
  readonly params: Readonly<Record<string, unknown>>;
  readonly unit: "element" | "row";
  readonly target: TargetKind;
  readonly readsVariance?: boolean;
  /** Rows with this label are left out. */
  readonly ignoreIndex?: number | null;
  /** A factor for each label: the mean divides by their sum. */
  readonly classWeight?: readonly number[] | null;
  /** Whether `evaluate` and `differentiate` have the class weights in them. */
  readonly weighsClasses?: boolean;
  readonly whole?: WholeLoss;

  /** Refuses columns out of their range. */
  check?(columns: LossColumns): void;
  /** Writes the loss of each unit into `out[0 .. rows)`. */
  evaluate(columns: LossColumns, out: Float64Array): void;
  /** Writes the derivative of each unit's own loss by its predictions into `out[0 .. rows * classes)`. */
  differentiate(columns: LossColumns, out: Float64Array): void;
  /** Gives the kernel for one whole batch, where the loss must see all of it first. */
  forBatch?(columns: LossColumns): Kernel;
}

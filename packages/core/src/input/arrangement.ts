import type { BatchOptions, LossColumns } from "../loss.ts";
import type { FlatTensor } from "./flat-tensor.ts";

/** Columns, and what each row weighs: at 0 it is not looked at. */
export interface WeighedColumns extends LossColumns {
  readonly weight?: Float64Array | null;
}

/** A batch laid out in columns. */
export interface Arrangement extends LossColumns {
  /** The axes of the units, the first being that of the samples; rows on one axis have a last one of 1 besides. */
  readonly axes: readonly number[];
  /** Brings a gradient back into the order of the predictions, where that is another. */
  readonly restore?: (gradient: Float64Array) => Float64Array;
}

/** Lays predictions and targets out in columns. @throws LF_SHAPE, LF_LENGTH_MISMATCH, LF_CLASS_COUNT_MISMATCH. */
export type Arrange = (prediction: FlatTensor, target: FlatTensor, options: BatchOptions) => Arrangement;

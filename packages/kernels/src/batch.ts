import { LossflowError, type Loss, type LossColumns } from "@lossflow/core";
import { LAST_FLOAT, type Column } from "./column.ts";
import { typeOf } from "./kernel-memory.ts";

/** The columns of a batch, checked: what the kernels may read of them. */
export interface Batch {
  readonly target: Column;
  readonly targetType: number;
  readonly prediction: Column;
  readonly predictionType: number;
  /** Predictions of one unit, and targets. */
  readonly width: number;
  readonly targetWidth: number;
}

/**
 * Checks that the columns of a batch are typed arrays and long enough, since a kernel reads memory.
 * @throws LF_KERNEL_COLUMN, LF_LENGTH_MISMATCH
 */
export function batchFromColumns(loss: Loss, columns: LossColumns): Batch {
  const { prediction, target, rows, classes }: LossColumns = Object(columns);
  const width = loss.unit === "row" ? classes : 1;
  const targetWidth = loss.target === "distribution" ? classes : 1;
  const batch = {
    target: target as Column,
    targetType: typeOf(target),
    prediction: prediction as Column,
    predictionType: typeOf(prediction),
    width,
    targetWidth,
  };
  if (loss.unit === "row" && batch.predictionType > LAST_FLOAT) {
    throw new LossflowError(
      "LF_KERNEL_COLUMN",
      "Kernels read the predictions of rows as Float32Array or Float64Array.",
    );
  }
  const isCount = Number.isInteger(rows) && rows >= 0 && Number.isInteger(classes) && classes >= 1;
  if (!isCount || prediction.length < rows * width || target.length < rows * targetWidth) {
    throw new LossflowError(
      "LF_LENGTH_MISMATCH",
      `There are ${target.length} targets and ${prediction.length} predictions for ${String(rows)} rows of ${String(classes)}.`,
    );
  }
  return batch;
}

/** Refuses what a kernel refused, in the words of the loss itself. @throws LF_* with the row. */
export function refuse(loss: Loss, columns: LossColumns, rows: number): never {
  loss.unreduced({ ...columns, rows }, new Float64Array(rows));
  throw new LossflowError(
    "LF_KERNEL_DISAGREES",
    `The kernel of ${loss.id} refuses a value before row ${rows} that the loss itself takes: please report it.`,
  );
}

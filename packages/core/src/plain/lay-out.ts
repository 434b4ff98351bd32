import { refuse, same } from "../input/refuse.ts";
import type { LossColumns, Numbers } from "../loss.ts";
import type { PlainBatch } from "./plain-loss.ts";

/** Lays flat predictions and targets out in columns. @throws LF_LENGTH_MISMATCH, LF_SHAPE, LF_NOT_A_NUMBER. */
export type LayOut = (prediction: Numbers, target: Numbers, batch: PlainBatch) => LossColumns;

/** Each element is a row of its own. */
export const elements: LayOut = (prediction, target) => {
  const rows = countOf(prediction, "prediction");
  same("LF_LENGTH_MISMATCH", "number of targets", countOf(target, "target"), rows);
  return { prediction, target, rows, classes: 1 };
};

/** Each element is a row of its own and has a variance. */
export const elementsWithVariance: LayOut = (prediction, target, batch) => {
  const columns = elements(prediction, target, batch);
  const { variance } = batch;
  if (variance === undefined) return columns;
  same("LF_LENGTH_MISMATCH", "number of variances", countOf(variance, "variance"), columns.rows);
  return { ...columns, variance };
};

/** Rows of predictions with one label each. */
export const labels: LayOut = (prediction, target, batch) => {
  const rows = countOf(target, "target");
  const count = countOf(prediction, "prediction");
  const classes = rows && (Math.floor(count / rows) || 1);
  same("LF_LENGTH_MISMATCH", "number of predictions", count, rows * classes);
  same("LF_LENGTH_MISMATCH", "option classes", rows && (batch.classes ?? classes), classes);
  return { prediction, target, rows, classes };
};

/** Rows of predictions with as many targets. */
export const vectors: LayOut = (prediction, target, batch) => {
  const columns = elements(prediction, target, batch);
  const classes = batch.classes!;
  if (!(Number.isInteger(classes) && classes > 0 && columns.rows % classes === 0))
    refuse("LF_SHAPE", "option classes", classes, "a divisor of the number of predictions");
  return { ...columns, rows: columns.rows / classes, classes };
};

function countOf(values: Numbers, what: string): number {
  if (Array.isArray(values)) {
    // Holes too, which `every` would pass over.
    const row = values.findIndex((value) => typeof value !== "number");
    if (row >= 0) refuse("LF_NOT_A_NUMBER", what, typeof values[row], "a number", row);
  } else if (!(ArrayBuffer.isView(values) && typeof (values[0] ?? values.length) === "number"))
    refuse("LF_NOT_A_NUMBER", what, values && typeof (values[0] ?? values), "a flat array of numbers");
  return values.length;
}

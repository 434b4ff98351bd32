import { refuse, same } from "../input/refuse.ts";
import type { LossColumns, Numbers } from "../loss.ts";
import type { PlainBatch } from "./plain-loss.ts";

/** Lays flat predictions and targets out in columns. @throws LF_LENGTH_MISMATCH, LF_SHAPE, LF_NOT_A_NUMBER. */
export type LayOut = (prediction: Numbers, target: Numbers, batch: PlainBatch) => LossColumns;

/** Each element is a row of its own. */
export const elements: LayOut = (prediction, target) => columnsOf(prediction, target, 1);

/** Each element is a row of its own and has a variance. */
export const elementsWithVariance: LayOut = (prediction, target, { variance }) => {
  const columns = columnsOf(prediction, target, 1);
  if (variance === undefined) return columns;
  same("LF_LENGTH_MISMATCH", "number of variances", countOf(variance, "variance"), columns.rows);
  return { ...columns, variance };
};

/** Rows of predictions with one label each. */
export const labels: LayOut = (prediction, target) => {
  const rows = countOf(target, "target");
  const count = countOf(prediction, "prediction");
  const classes = rows && (Math.floor(count / rows) || 1);
  same("LF_LENGTH_MISMATCH", "number of predictions", count, rows * classes);
  return { prediction, target, rows, classes };
};

/** Rows of predictions with as many targets. */
export const vectors: LayOut = (prediction, target, { classes = 0 }) => {
  const columns = columnsOf(prediction, target, classes);
  if (!(classes > 0 && [classes, columns.rows].every(Number.isInteger)))
    refuse("LF_SHAPE", "option classes", classes, "a divisor of the number of predictions");
  return columns;
};

function columnsOf(prediction: Numbers, target: Numbers, classes: number): LossColumns {
  const count = countOf(prediction, "prediction");
  same("LF_LENGTH_MISMATCH", "number of targets", countOf(target, "target"), count);
  return { prediction, target, rows: count / classes, classes };
}

function countOf(values: Numbers, what: string): number {
  if (Array.isArray(values)) {
    // Holes too, which `every` would pass over.
    const row = values.findIndex((value) => typeof value !== "number");
    if (row >= 0) refuse("LF_NOT_A_NUMBER", what, typeof values[row], "a number", row);
  } else if (!(ArrayBuffer.isView(values) && typeof (values[0] ?? values.length) === "number"))
    refuse("LF_NOT_A_NUMBER", what, values, "a flat array of numbers");
  return values.length;
}

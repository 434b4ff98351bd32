import { LossflowError } from "../error.ts";
import type { Arrange } from "./arrangement.ts";
import { sameLength } from "./same-length.ts";
import { checkShape } from "./size-of-shape.ts";

/** Lays out a batch of an elementwise loss: each element is a row of its own. Nothing is broadcast. */
export const arrangeElements: Arrange = (prediction, target, options) => {
  const { values } = prediction;
  const shape = options.shape ?? prediction.shape;
  checkShape(shape, values.length);
  sameLength("targets", target.values.length, values.length);
  if (
    prediction.shape.length > 1 &&
    target.shape.length > 1 &&
    String(prediction.shape) !== String(target.shape)
  ) {
    throw new LossflowError(
      "LF_LENGTH_MISMATCH",
      `Predictions of shape [${String(prediction.shape)}] and targets of [${String(target.shape)}] do not go together.`,
    );
  }
  const last = shape.length > 1 ? shape[shape.length - 1]! : 1;
  const columns = { prediction: values, target: target.values, rows: values.length, classes: 1, width: last };
  return { columns, outer: shape[0] ?? 0, last };
};

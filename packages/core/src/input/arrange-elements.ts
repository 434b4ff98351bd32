import type { Arrange } from "./arrangement.ts";
import { sameLength } from "./same-length.ts";
import { checkShape } from "./size-of-shape.ts";

/** Lays out a batch of an elementwise loss: each element is a row of its own. */
export const arrangeElements: Arrange = (prediction, target, { shape = prediction.shape }) => {
  const { values } = prediction;
  const last = shape.length > 1 ? shape[shape.length - 1]! : 1;
  checkShape(shape, values.length);
  if (prediction.shape.length > 1 && target.shape.length > 1) {
    sameLength("targets", target.shape.join(" x "), prediction.shape.join(" x "));
  } else sameLength("targets", target.values.length, values.length);
  return {
    columns: { prediction: values, target: target.values, rows: values.length, classes: 1, width: last },
    outer: shape[0]!,
    last,
  };
};

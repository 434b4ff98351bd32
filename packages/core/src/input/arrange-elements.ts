import type { Arrange } from "./arrangement.ts";
import { checkShape, sameAxes } from "./size-of-shape.ts";

/** Lays out a batch of an elementwise loss: each element is a row of its own. */
export const arrangeElements: Arrange = ([prediction, axes], targets, { shape = axes }) => {
  const rows = prediction.length;
  checkShape(shape, rows);
  sameAxes("number of targets", targets, axes, rows);
  return {
    prediction,
    target: targets[0],
    rows,
    classes: 1,
    width: shape.length > 1 ? shape.at(-1)! : 1,
    axes: shape,
  };
};

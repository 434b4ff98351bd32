import type { Arrange } from "./arrangement.ts";
import { checkShape, sameAxes } from "./size-of-shape.ts";

/** Lays out a batch of an elementwise loss: each element is a row of its own. Arrays in arrays bring their own axes. */
export const arrangeElements: Arrange = ([prediction, own], targets, { shape = own }) => {
  const rows = prediction.length;
  checkShape(shape, rows);
  const axes = own.length > 1 ? own : shape;
  sameAxes("target", targets, axes);
  return {
    prediction,
    target: targets[0],
    rows,
    classes: 1,
    width: axes.length > 1 ? axes.at(-1)! : 1,
    axes,
  };
};

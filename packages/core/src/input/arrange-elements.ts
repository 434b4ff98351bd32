import type { Arrange } from "./arrangement.ts";
import { same } from "./refuse.ts";
import { checkShape, sizeOfShape } from "./size-of-shape.ts";

/** Lays out a batch of an elementwise loss: each element is a row of its own. */
export const arrangeElements: Arrange = ([prediction, axes], [target, others], { shape = axes }) => {
  const rows = prediction.length;
  checkShape(shape, rows);
  const isNested = axes.length > 1 && others.length > 1;
  const sizeOf = (sizes: readonly number[]): string | number =>
    isNested ? sizes.join(" x ") : sizeOfShape(sizes);
  same("LF_LENGTH_MISMATCH", "number of targets", sizeOf(others), sizeOf(axes));
  return {
    prediction,
    target,
    rows,
    classes: 1,
    width: shape.length > 1 ? shape.at(-1)! : 1,
    samples: shape[0]!,
  };
};

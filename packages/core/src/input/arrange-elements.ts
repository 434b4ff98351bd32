import type { Arrange } from "./arrangement.ts";
import { same } from "./refuse.ts";
import { checkShape } from "./size-of-shape.ts";

/** Lays out a batch of an elementwise loss: each element is a row of its own. */
export const arrangeElements: Arrange = ([prediction, axes], [target, others], { shape = axes }) => {
  const rows = prediction.length;
  checkShape(shape, rows);
  const [got, expected] =
    axes.length > 1 && others.length > 1 ? [others.join(" x "), axes.join(" x ")] : [target.length, rows];
  same("LF_LENGTH_MISMATCH", "number of targets", got, expected);
  return {
    prediction,
    target,
    rows,
    classes: 1,
    width: shape.length > 1 ? shape.at(-1)! : 1,
    samples: shape[0]!,
  };
};

import type { Arrange } from "./arrangement.ts";
import { sameLength } from "./same-length.ts";
import { checkShape } from "./size-of-shape.ts";

/** Lays out a batch of an elementwise loss: each element is a row of its own. */
export const arrangeElements: Arrange = (prediction, target, { shape = prediction.shape }) => {
  const { values } = prediction;
  checkShape(shape, values.length);
  const axes = [target.shape, prediction.shape].every((sizes) => sizes.length > 1);
  const sizeOf = ({ shape: sizes, values: { length } }: typeof target): string =>
    axes ? sizes.join(" x ") : String(length);
  sameLength("targets", sizeOf(target), sizeOf(prediction));
  const last = shape.length > 1 ? shape.at(-1)! : 1;
  const columns = { prediction: values, target: target.values, rows: values.length, classes: 1, width: last };
  return { columns, outer: shape[0]!, last };
};

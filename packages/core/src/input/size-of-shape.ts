import { LossflowError } from "../error.ts";

/** The number of entries that axes of these sizes hold. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}

/** Refuses a shape that the predictions do not fill. @throws LF_SHAPE. */
export function checkShape(shape: readonly number[], length: number): void {
  if (sizeOfShape(shape) === length) return;
  const text = shape.join(", ");
  throw new LossflowError(
    "LF_SHAPE",
    `${length} predictions do not fill the shape [${text}]: give its axes.`,
  );
}

import { same } from "./refuse.ts";

/** The number of entries that axes of these sizes hold; NaN where one is no whole number from 0. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((size, n) => (n >= 0 && n % 1 === 0 ? size * n : Number.NaN), 1);
}

/** Refuses a shape that the predictions do not fill, or that is no list. @throws LF_SHAPE. */
export function checkShape(shape: readonly number[] | null, length: number): void {
  const size = shape?.reduce ? sizeOfShape(shape) : "no list";
  same("LF_SHAPE", `size of shape ${[shape].flat().join(" x ")}`, size, length);
}

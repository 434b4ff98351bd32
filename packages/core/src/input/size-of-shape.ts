import { same } from "./refuse.ts";

/** The number of entries that axes of these sizes hold. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}

/** Refuses a shape that the predictions do not fill. @throws LF_SHAPE. */
export function checkShape(shape: readonly number[], length: number): void {
  same("LF_SHAPE", `number of predictions that shape ${shape.join(" x ")} holds`, sizeOfShape(shape), length);
}

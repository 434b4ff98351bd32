/** How values become heights: evenly, by their logarithm, or by it on both sides of a linear stretch around 0. */
export type YScale = "linear" | "log" | "symlog";

/** Every scale, the usual one first. */
export const Y_SCALES: readonly YScale[] = ["linear", "log", "symlog"];

/** The linear stretch of a symlog axis reaches to a thousandth of the largest magnitude, as a power of ten. */
const LINEAR_SHARE = 1e-3;

/** How far from 0 a symlog axis is linear, where `largest` is the largest magnitude it shows. */
export function symlogReach(largest: number): number {
  return largest > 0 && Number.isFinite(largest) ? 10 ** Math.floor(Math.log10(largest * LINEAR_SHARE)) : 1;
}

/** How values become heights before they are stretched: with `reach` for symlog, asinh(value / reach). */
export function heightOf(scale: YScale, reach: number): (value: number) => number {
  if (scale === "log") return Math.log;
  return scale === "symlog" ? (value) => Math.asinh(value / reach) : (value) => value;
}

/** Whether a scale has a place for a value. */
export function hasPlace(scale: YScale, value: number): boolean {
  return Number.isFinite(value) && (scale !== "log" || value > 0);
}

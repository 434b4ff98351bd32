/** Tells whether `value` is a finite number from `low` to `high`. */
export function isNumberIn(value: unknown, low: number, high: number = Number.MAX_VALUE): value is number {
  return typeof value === "number" && value >= low && value <= high;
}

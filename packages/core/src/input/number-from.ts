/** From callers without types anything may come: what is no number counts as NaN, which is refused. */
export function numberFrom(x: unknown): number {
  return typeof x === "number" ? x : Number.NaN;
}

/**
 * One value of a grouping column, whatever format it came in: integers past 2^53 are `i` with their digits, non-finite
 * numbers `f` with their name.
 */
export type Key =
  | { readonly t: "n"; readonly v: number }
  | { readonly t: "i"; readonly v: string }
  | { readonly t: "f"; readonly v: "NaN" | "Infinity" | "-Infinity" }
  | { readonly t: "s"; readonly v: string }
  | { readonly t: "b"; readonly v: boolean }
  | null;

/** A number, or an integer past 2^53 by its digits. */
export type NumberKey = Extract<Key, { readonly t: "n" | "i" }>;

/** Compares numbers and integers past 2^53 by value. */
export function compareNumbers(a: NumberKey, b: NumberKey): number {
  if (a.t === "n" && b.t === "n") return a.v - b.v;
  const [x, y] = [Number(a.v), Number(b.v)];
  if (x !== y) return x - y;
  // Only whole numbers are as large as those past 2^53.
  const [left, right] = [BigInt(a.v), BigInt(b.v)];
  return left === right ? 0 : left < right ? -1 : 1;
}

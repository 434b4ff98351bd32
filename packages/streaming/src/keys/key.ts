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

/** Numbers by value, texts by their characters, false before true; numbers before texts, null last. */
export function compareKeys(a: Key, b: Key): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0 || a === null || b === null) return rank;
  if (rankOf(a) === 1) return compareNumbers(a, b);
  return a.v === b.v ? 0 : a.v < b.v ? -1 : 1;
}

function rankOf(key: Key): number {
  if (key === null) return 4;
  if (key.t === "b") return 0;
  if (key.t === "n" || key.t === "i") return 1;
  return key.t === "f" ? 2 : 3;
}

function compareNumbers(a: NonNullable<Key>, b: NonNullable<Key>): number {
  if (a.t === "n" && b.t === "n") return a.v - b.v;
  // One of them is an integer past 2^53; a fraction has its whole part compared, and none is as large.
  const whole = (key: NonNullable<Key>): bigint =>
    key.t === "i" ? BigInt(key.v) : BigInt(Math.trunc(Number(key.v)));
  const left = whole(a);
  const right = whole(b);
  return left === right ? 0 : left < right ? -1 : 1;
}

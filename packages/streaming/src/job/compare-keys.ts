import type { Key } from "../columns/keys-from-column.ts";
import type { GroupKey } from "./snapshot.ts";

/** Gives the keys of a column of CSV cells their type: numbers where all of them are numbers in their shortest form. */
export function typedKeys(groups: readonly (readonly Key[])[]): readonly (readonly Key[])[] {
  const width = groups[0]?.length ?? 0;
  const numeric = Array.from({ length: width }, (_, column) =>
    groups.every((keys) => {
      const key = keys[column]!;
      return key === null || key.t !== "c" || isShortestNumber(key.v);
    }),
  );
  return groups.map((keys) =>
    keys.map((key, column): Key => {
      if (key === null || key.t !== "c") return key;
      if (numeric[column] !== true) return { t: "s", v: key.v };
      const value = Number(key.v);
      return /^-?\d+$/.test(key.v) && !Number.isSafeInteger(value)
        ? { t: "i", v: key.v }
        : { t: "n", v: value };
    }),
  );
}

/** "1.10" is no shortest form of a number: it may be a version, and would be one with "1.1". */
function isShortestNumber(text: string): boolean {
  return String(Number(text)) === text || /^-?[1-9]\d*$/.test(text);
}

/** What a person and JSON see of a key. */
export function plainKey(key: Key): GroupKey {
  return key === null ? null : key.v;
}

/** Numbers by value, texts by their characters, false before true; numbers before texts, null last. */
export function compareKeys(a: readonly Key[], b: readonly Key[]): number {
  for (const [i, left] of a.entries()) {
    const order = compareOne(left, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

function compareOne(a: Key, b: Key): number {
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

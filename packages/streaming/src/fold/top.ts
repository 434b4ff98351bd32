import type { PlainValue } from "../columns/plain-at.ts";

/** One of the highest losses, and the row it belongs to, counted over all sources. */
export interface TopLoss {
  readonly row: number;
  readonly loss: number;
  /** What is to be shown of the row; absent until it is read. */
  readonly shown?: readonly PlainValue[];
}

/** Highest first; of equal ones the earlier row. Infinity comes before all numbers. */
export function compareTop(a: TopLoss, b: TopLoss): number {
  if (a.loss !== b.loss) return a.loss > b.loss ? -1 : 1;
  return a.row - b.row;
}

/** Merges two lists into the `most` highest of both. */
export function mergeTop(a: readonly TopLoss[], b: readonly TopLoss[], most: number): readonly TopLoss[] {
  if (b.length === 0) return a;
  return [...a, ...b].sort(compareTop).slice(0, most);
}

/**
 * Picks the `most` highest of `losses`; NaN never. `rowOf` gives the row of each. None below `bar` is looked for: the
 * lowest of as many that are known already.
 */
export function topOfLosses(
  losses: Float64Array,
  rowOf: (index: number) => number,
  most: number,
  bar: number = -Infinity,
): readonly TopLoss[] {
  if (most === 0) return [];
  let kept: TopLoss[] = [];
  // Below `bar` a loss cannot be among the highest; the list is cut whenever it has grown to twice its size.
  for (let i = 0; i < losses.length; i++) {
    const loss = losses[i]!;
    if (!(loss >= bar)) continue;
    kept.push({ row: rowOf(i), loss });
    if (kept.length >= 2 * most + 64) {
      kept = kept.sort(compareTop).slice(0, most);
      bar = kept.at(-1)!.loss;
    }
  }
  return kept.sort(compareTop).slice(0, most);
}

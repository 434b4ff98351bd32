import * as S from "./state";
import { losses } from "./workspace";

/** High words from here on are of NaN, infinities and negative numbers. */
export const NOT_FINITE: u32 = 0x7ff00000;

/**
 * Whether losses may hold a new extreme whose high words reach from `lowest` to `highest`, and their low words, of whichever of
 * them, from `lowestLow` to `highestLow`. Losses that take few values have the extreme in every block.
 */
export function mayExtend(state: usize, lowest: u32, lowestLow: u32, highest: u32, highestLow: u32): bool {
  const low = load<f64>(state, S.MIN);
  const high = load<f64>(state, S.MAX);
  if (high < 0 || bits(highest, highestLow) > reinterpret<u64>(high)) return true;
  return low > 0 && bits(lowest, lowestLow) < reinterpret<u64>(low);
}

// @ts-ignore: decorator
@inline
function bits(high: u32, low: u32): u64 {
  return (<u64>high << 32) | <u64>low;
}

/** Looks for the extremes of `count` finite losses in the workspace, an even number of them, and takes them over. */
export function findExtremes(state: usize, count: i32, firstRow: f64): void {
  let low = v128.load(losses());
  let high = low;
  for (let at = losses() + 16, end = losses() + (<usize>count << 3); at < end; at += 16) {
    low = f64x2.pmin(low, v128.load(at));
    high = f64x2.pmax(high, v128.load(at));
  }
  noteExtremes(
    state,
    Math.min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)),
    Math.max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)),
    count,
    firstRow,
  );
}

/** Takes over the extremes of `count` losses in the workspace, with the first row of each. */
export function noteExtremes(state: usize, low: f64, high: f64, count: i32, firstRow: f64): void {
  if (low < load<f64>(state, S.MIN)) {
    store<f64>(state, low + 0, S.MIN);
    store<f64>(state, firstRow + <f64>indexOf(low, count), S.MIN_ROW);
  }
  if (high > load<f64>(state, S.MAX)) {
    store<f64>(state, high + 0, S.MAX);
    store<f64>(state, firstRow + <f64>indexOf(high, count), S.MAX_ROW);
  }
}

/** The place of a number that stands among `count` losses; the search ends there whatever they are. */
function indexOf(x: f64, count: i32): i32 {
  let i = 0;
  while (i < count - 1 && load<f64>(losses() + (<usize>i << 3)) != x) i++;
  return i;
}

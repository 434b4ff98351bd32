import * as S from "./state";
import { BLOCK } from "./vector";
import { losses } from "./workspace";

/** Takes over the extremes of the block in the workspace, with the first row of each. */
export function noteExtremes(state: usize, low: f64, high: f64, firstRow: f64): void {
  if (low < load<f64>(state, S.MIN)) {
    store<f64>(state, low + 0, S.MIN);
    store<f64>(state, firstRow + <f64>indexOf(low), S.MIN_ROW);
  }
  if (high > load<f64>(state, S.MAX)) {
    store<f64>(state, high + 0, S.MAX);
    store<f64>(state, firstRow + <f64>indexOf(high), S.MAX_ROW);
  }
}

/** The place of a number that stands in the block; the search ends there whatever the block holds. */
function indexOf(x: f64): i32 {
  let i = 0;
  while (i < BLOCK - 1 && load<f64>(losses() + (<usize>i << 3)) != x) i++;
  return i;
}

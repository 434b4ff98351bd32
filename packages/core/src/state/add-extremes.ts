import type { RunningLossState } from "./running-loss-state.ts";

/** Takes over extremes that are more extreme, or as extreme and from an earlier row. */
export function addExtremes(
  state: Pick<RunningLossState, "min" | "minRow" | "max" | "maxRow">,
  min: number,
  minRow: number,
  max: number,
  maxRow: number,
): void {
  if (min < state.min || (min === state.min && minRow < state.minRow)) {
    state.min = min + 0; // -0 becomes 0: which of the two came first must not show
    state.minRow = minRow;
  }
  if (max > state.max || (max === state.max && maxRow < state.maxRow)) {
    state.max = max + 0;
    state.maxRow = maxRow;
  }
}

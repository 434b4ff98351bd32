import { type Axis, isCounted } from "./axis.ts";

/**
 * Where a logarithmic x axis begins that is to show `from .. to`: at `from`, or, where that is at 0 or below, at 1 of
 * what is counted, at a ten thousandth of the rest.
 */
export function logStart(axis: Axis, [from, to]: readonly [from: number, to: number]): number {
  if (from > 0) return from;
  return isCounted(axis) && to > 1 ? 1 : to > 0 ? to / 1e4 : 1;
}

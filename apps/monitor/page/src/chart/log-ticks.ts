import { niceTicks } from "../../../src/plot/nice-ticks.ts";

/** Marks of an axis at most. */
const MOST = 8;

/** Places round numbers on a logarithmic axis: within a decade evenly, over some 1, 2 and 5 of each, over many powers of ten. */
export function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  if (!(decades > 1)) return niceTicks(low, high, 5);
  const every = Math.ceil(decades / MOST);
  const factors = decades <= 3 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += every) {
    for (const factor of factors) {
      const tick = Number(`${factor}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

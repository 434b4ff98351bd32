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

/** Places marks on an axis that is logarithmic on both sides of 0: 0 and powers of ten beyond. */
export function symlogTicks(low: number, high: number, reach: number): number[] {
  const side = (end: number): number[] => (end > reach ? powersOfTen(reach, end) : []);
  const ticks = [...side(-low).map((tick) => -tick), ...(low <= 0 && high >= 0 ? [0] : []), ...side(high)]
    .filter((tick) => tick >= low && tick <= high)
    .sort((a, b) => a - b);
  return ticks.length > 2 ? ticks : niceTicks(low, high, 5);
}

/** Powers of ten above `low`, so far apart that a few are left. */
function powersOfTen(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low)) + 1;
  const last = Math.floor(Math.log10(high));
  const every = Math.max(1, Math.ceil((last - first + 1) / (MOST / 2)));
  const ticks: number[] = [];
  for (let power = last; power >= first; power -= every) ticks.push(Number(`1e${power}`));
  return ticks;
}

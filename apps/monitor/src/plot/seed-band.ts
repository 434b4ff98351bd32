/** A line by its points, rising in x; 1 in `broken` where it does not go on from the point before. */
export interface Polyline {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly broken: Float64Array;
}

/** How the runs of a group are put together. */
export type Centre = "mean" | "median";

/** The centre of several runs on a common grid, with its 95 % bootstrap interval. */
export interface SeedBand {
  readonly x: Float64Array;
  /** NaN where no run has a value. */
  readonly centre: Float64Array;
  /** NaN where fewer than two runs have a value. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** How many runs have a value at each place. */
  readonly runs: Float64Array;
}

const RESAMPLES = 1_000;
const TAIL = 0.025;

/**
 * Puts runs of one group together on a grid: at each place the mean or the median of those runs that have a value there,
 * read from their lines by linear interpolation, never across a break and never beyond an end; and the interval that
 * holds 95 % of the centres of 1,000 resamples of the runs with replacement (percentile bootstrap; Efron 1979,
 * doi:10.1214/aos/1176344552). The resamples are drawn by a seeded generator: the same runs give the same interval.
 *
 * With few runs the interval is too narrow: of three it is a lower bound of what is uncertain.
 */
export function seedBand(lines: readonly Polyline[], grid: Float64Array, centre: Centre): SeedBand {
  const readers = lines.map((line) => readerOf(line));
  const size = grid.length;
  const column = (): Float64Array => new Float64Array(size).fill(Number.NaN);
  const band = { x: grid, centre: column(), low: column(), high: column(), runs: new Float64Array(size) };
  const centreOf = centre === "mean" ? meanOf : medianOf;
  const draws = new Map<number, Uint16Array>();
  const centres = new Float64Array(RESAMPLES);
  for (let k = 0; k < size; k++) {
    const values = Float64Array.from(readers, (read) => read(grid[k]!)).filter(
      (value) => !Number.isNaN(value),
    );
    const count = values.length;
    band.runs[k] = count;
    if (count === 0) continue;
    band.centre[k] = centreOf(values);
    if (count < 2) continue;
    let drawn = draws.get(count);
    if (drawn === undefined) draws.set(count, (drawn = resamples(count)));
    const sample = new Float64Array(count);
    for (let r = 0; r < RESAMPLES; r++) {
      for (let i = 0; i < count; i++) sample[i] = values[drawn[r * count + i]!]!;
      centres[r] = centreOf(sample);
    }
    centres.sort();
    band.low[k] = centres[Math.floor(TAIL * (RESAMPLES - 1))]!;
    band.high[k] = centres[Math.ceil((1 - TAIL) * (RESAMPLES - 1))]!;
  }
  return band;
}

/** Reads a line at places that rise. */
function readerOf({ x, y, broken }: Polyline): (at: number) => number {
  let k = 0;
  return (at) => {
    while (k < x.length && x[k]! < at) k++;
    if (x[k] === at) return y[k]!;
    if (k === 0 || k === x.length || broken[k] === 1) return Number.NaN;
    const share = (at - x[k - 1]!) / (x[k]! - x[k - 1]!);
    return y[k - 1]! + share * (y[k]! - y[k - 1]!);
  };
}

function meanOf(values: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += (values[i]! - mean) / (i + 1);
  return mean;
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Which of `count` runs each resample takes, by a generator with a fixed seed (xorshift, Marsaglia 2003). */
function resamples(count: number): Uint16Array {
  let state = 2_463_534_242;
  return Uint16Array.from({ length: RESAMPLES * count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * count);
  });
}

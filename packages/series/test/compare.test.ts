import { describe, expect, test } from "vitest";
import {
  BlockSeries,
  bootstrapCentre,
  bootstrapDifference,
  commonCells,
  commonStretch,
  differenceOver,
  type Interval,
  levelOver,
  meanInterval,
} from "@lossflow/series";
import { normals } from "./noise.ts";

function seriesOf(length: number, y: (x: number) => number, every = 1): BlockSeries {
  const series = new BlockSeries();
  for (let x = 1; x <= length; x++) if (x % every === 0) series.add(x, y(x));
  return series;
}

describe("a series in blocks", () => {
  test("has the mean of every stretch of whole blocks, in the same memory however long it is", () => {
    const series = new BlockSeries(8);
    for (let x = 0; x < 64; x++) series.add(x, x);
    expect(series.count).toBe(64);
    expect(series.range).toEqual([0, 63]);
    expect(series.meanBetween(15, 31)).toEqual({ count: 16, mean: 23.5 });
    expect(series.meanBetween(-1, 63)).toEqual({ count: 64, mean: 31.5 });
    expect(series.meanBetween(100, 200).count).toBe(0);
    expect(series.at(31.5)).toBeCloseTo(31.5, 12);
  });

  test("counts what is not finite apart, and lets a resume supersede what lies beyond", () => {
    const series = new BlockSeries();
    for (const [x, y] of [
      [1, 1],
      [2, Number.NaN],
      [3, 9],
      [4, 9],
      [3, 5],
    ] as const)
      series.add(x, y);
    expect([series.count, series.notFinite, series.range]).toEqual([2, 1, [1, 3]]);
    expect(series.firstNotFinite).toBe(2);
    series.add(2, 4);
    series.add(3, Number.NaN);
    expect([series.count, series.notFinite, series.range]).toEqual([2, 1, [1, 2]]);
    expect(series.firstNotFinite).toBe(3);
    series.add(2, 5);
    expect(series.meanBetween(0, 10).mean).toBe(3);
  });
});

test("a series from its beginning anew, or from before a gap, ends where its finite points do", () => {
  const series = new BlockSeries();
  for (const x of [5, 6]) series.add(x, 1);
  series.add(0, 2);
  expect(series.range).toEqual([0, 0]);
  series.add(10, 1);
  series.add(3, Number.NaN);
  expect(series.range).toEqual([0, 0]);
});

test("between two finite points a value lies on their line, whatever stands between that is not finite", () => {
  const series = new BlockSeries();
  for (const [x, y] of [
    [0, 1],
    [1, Number.NaN],
    [2, Number.NaN],
    [3, 4],
  ] as const)
    series.add(x, y);
  for (const x of [0.5, 1, 1.5, 2.5]) expect(series.at(x), `at ${x}`).toBeCloseTo(1 + x, 12);
});

function differenceOf(base: BlockSeries, other: BlockSeries): Interval {
  const runs = [base, other];
  return differenceOver(commonCells(runs, commonStretch(runs, null)!), 0, 1);
}

describe("the difference at equal x", () => {
  /** Losses that fall together, with noise of their own that keeps for some steps, and a known difference. */
  function pair(seed: number, difference: number): [BlockSeries, BlockSeries] {
    const normal = normals(seed);
    const run = (shift: number): BlockSeries => {
      let drift = 0;
      return seriesOf(4_000, (x) => {
        drift = 0.8 * drift + 0.03 * normal();
        return 2 + 5 / Math.sqrt(1 + x / 20) + drift + shift;
      });
    };
    return [run(0), run(difference)];
  }

  test("its 95 % interval holds the true difference about 95 times in 100", () => {
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const [a, b] = pair(seed, -0.02);
      const { low, high } = differenceOf(a, b);
      if (low! <= -0.02 && high! >= -0.02) held++;
    }
    expect(held).toBeGreaterThanOrEqual(180);
    expect(held).toBeLessThanOrEqual(199);
  });

  test("what both have in common cancels", () => {
    const wave = (x: number): number => 3 * Math.exp(-x / 500) + Math.sin(x);
    const a = seriesOf(1_000, wave);
    const b = seriesOf(1_000, (x) => wave(x) - 0.5);
    const { value, low, high } = differenceOf(a, b);
    expect([value, low, high].map((x) => x!.toFixed(6))).toEqual(["-0.500000", "-0.500000", "-0.500000"]);
  });

  test.each([
    ["as many points", 1, 900, 900],
    ["points ten times as far apart", 10, 900, 900],
    ["blocks twice as wide", 1, 1_000, 2_000],
  ])(
    "is the mean of the differences of pairs and that of the two means, with %s",
    (_, every, long, longer) => {
      const fall = (x: number): number => 3 - x / 1_000;
      const a = seriesOf(long, fall);
      const b = seriesOf(longer, (x) => fall(x) + (x % 50 === 0 ? 1 : 0), every);
      const stretch = commonStretch([a, b], null)!;
      const cells = commonCells([a, b], stretch);
      const first = Math.ceil(stretch.from / every) * every;
      const places = Array.from({ length: (long - first) / every + 1 }, (__, k) => first + k * every);
      const expected = places.filter((x) => x % 50 === 0).length / places.length;
      expect(cells.reduce((sum, { counts }) => sum + counts[0]!, 0)).toBe(places.length);
      expect(differenceOver(cells, 0, 1).value).toBeCloseTo(expected, 12);
      expect(levelOver(cells, 1).value - levelOver(cells, 0).value).toBeCloseTo(expected, 12);
    },
  );

  test("leaves out for both where one is not finite, also in wide blocks", () => {
    for (const length of [300, 30_000]) {
      const a = seriesOf(length, (x) => 3 - x / length);
      const isGap = (x: number): boolean => x > 0.92 * length && x < 0.98 * length;
      const b = seriesOf(length, (x) => (isGap(x) ? Number.NaN : 2.99 - x / length));
      const cells = commonCells([a, b], commonStretch([a, b], null)!);
      expect(differenceOver(cells, 0, 1).value).toBeCloseTo(-0.01, 12);
      expect(levelOver(cells, 1).value - levelOver(cells, 0).value).toBeCloseTo(-0.01, 12);
      for (const { counts } of cells) expect(counts[0]).toBe(counts[1]);
    }
  });

  test("of x that seldom pair is that of cells of equal width", () => {
    const a = seriesOf(1_000, () => 2);
    const b = new BlockSeries();
    for (let x = 0.5; x <= 1_000; x++) b.add(x, 2.5);
    expect(differenceOf(a, b)).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  });

  test("is where both have points: the end of the shorter, or where it is asked for", () => {
    const a = seriesOf(1_000, (x) => x);
    const b = seriesOf(500, (x) => 2 * x, 10);
    const stretch = commonStretch([a, b], null)!;
    expect(stretch.to).toBe(500);
    expect(b.blocksBetween(stretch.from, stretch.to).length).toBeGreaterThanOrEqual(8);
    expect(commonStretch([a, b], 300)!.to).toBe(300);
    expect(commonStretch([a, b], 600)).toBeNull();
    expect(commonStretch([a, b], 5)).toBeNull();
  });

  test("of few points has no interval, and one point is enough for a difference", () => {
    const few = (y: number): BlockSeries => seriesOf(30, () => y, 10);
    const [a, b] = [few(2), few(1.5)];
    expect(differenceOf(a, b)).toEqual({
      value: -0.5,
      low: null,
      high: null,
    });
    const [c, d] = [seriesOf(1, () => 3), seriesOf(1, () => 4)];
    expect(differenceOf(c, d)).toEqual({ value: 1, low: null, high: null });
    expect(levelOver(commonCells([c], commonStretch([c], null)!), 0).value).toBe(3);
  });
});

test("the interval of a mean is Student's", () => {
  // 4 values: t(3) = 3.182, s = sqrt(5 / 3), so 2.5 ± 3.182 * 1.29099 / 2.
  const { value, low, high } = meanInterval([1, 2, 3, 4]);
  expect(value).toBe(2.5);
  expect(low).toBeCloseTo(2.5 - 2.054, 1);
  expect(high! - value).toBeCloseTo(value - low!, 12);
  const twenty = meanInterval(Array.from({ length: 20 }, (_, i) => i));
  // t(19) = 2.093, s = sqrt(35).
  expect(twenty.high! - twenty.value).toBeCloseTo((2.093 * Math.sqrt(35)) / Math.sqrt(20), 2);
});

describe("the bootstrap over seeds", () => {
  const uniform = (seed: number): (() => number) => {
    let state = seed;
    return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  };

  test("holds the centre, is the same for the same seed, and wants three runs", () => {
    const values = [2.1, 2.3, 2.2, 2.25, 2.15];
    const one = bootstrapCentre(values, "mean", uniform(7));
    expect(one).toEqual(bootstrapCentre(values, "mean", uniform(7)));
    expect(one.value).toBeCloseTo(2.2, 12);
    expect(one.low!).toBeGreaterThan(2.1);
    expect(one.low!).toBeLessThan(2.2);
    expect(one.high!).toBeLessThan(2.3);
    expect(bootstrapCentre([1, 2, 30], "median", uniform(7)).value).toBe(2);
    expect(bootstrapCentre([1, 3], "mean", uniform(7))).toEqual({ value: 2, low: null, high: null });
  });

  test("of a difference leaves 0 out where the groups lie apart", () => {
    const { value, low, high } = bootstrapDifference([2.1, 2.2, 2.3], [1.1, 1.2, 1.3], "mean", uniform(3));
    expect(value).toBeCloseTo(-1, 12);
    expect(low!).toBeLessThan(-1);
    expect(high!).toBeLessThan(0);
  });
});

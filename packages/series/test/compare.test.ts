import { describe, expect, test } from "vitest";
import {
  BlockSeries,
  bootstrapCentre,
  bootstrapDifference,
  commonStretch,
  differenceOver,
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
    expect(series.meanBetween(0, 10).mean).toBe(3);
  });
});

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
      const { low, high } = differenceOver(a, b, commonStretch([a, b], null)!);
      if (low! <= -0.02 && high! >= -0.02) held++;
    }
    expect(held).toBeGreaterThanOrEqual(180);
    expect(held).toBeLessThanOrEqual(199);
  });

  test("what both have in common cancels", () => {
    const wave = (x: number): number => 3 * Math.exp(-x / 500) + Math.sin(x);
    const a = seriesOf(1_000, wave);
    const b = seriesOf(1_000, (x) => wave(x) - 0.5);
    const { value, low, high } = differenceOver(a, b, commonStretch([a, b], null)!);
    expect([value, low, high].map((x) => x!.toFixed(6))).toEqual(["-0.500000", "-0.500000", "-0.500000"]);
  });

  test("is where both have points: the end of the shorter, or where it is asked for", () => {
    const a = seriesOf(1_000, (x) => x);
    const b = seriesOf(500, (x) => 2 * x, 10);
    const stretch = commonStretch([a, b], null)!;
    expect(stretch.to).toBe(500);
    expect(b.blocksBetween(stretch.from, stretch.to)).toBeGreaterThanOrEqual(8);
    expect(commonStretch([a, b], 300)!.to).toBe(300);
    expect(commonStretch([a, b], 600)).toBeNull();
    expect(commonStretch([a, b], 5)).toBeNull();
  });

  test("of few points has no interval, and one point is enough for a difference", () => {
    const few = (y: number): BlockSeries => seriesOf(30, () => y, 10);
    const [a, b] = [few(2), few(1.5)];
    expect(differenceOver(a, b, commonStretch([a, b], null)!)).toEqual({
      value: -0.5,
      low: null,
      high: null,
    });
    const [c, d] = [seriesOf(1, () => 3), seriesOf(1, () => 4)];
    expect(differenceOver(c, d, commonStretch([c, d], null)!)).toEqual({ value: 1, low: null, high: null });
    expect(levelOver(c, commonStretch([c], null)!).value).toBe(3);
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

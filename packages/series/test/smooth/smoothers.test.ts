import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BlockSeries,
  DebiasedEma,
  PlateauDetector,
  Pyramid,
  RollingMean,
  RollingMedian,
  type Smoother,
  SpikeDetector,
  StallDetector,
  TimedEma,
} from "@lossflow/series";

const seed = Number(process.env["LOSSFLOW_SEED"] ?? 20260731);
const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 50 });

function smooth(smoother: Smoother, numbers: readonly number[], stepOf = (i: number): number => i): number[] {
  return numbers.map((value, i) => smoother.add(stepOf(i), value));
}

const all: readonly [string, () => Smoother][] = [
  ["EMA", () => new DebiasedEma(0.9)],
  ["EMA of weight 0", () => new DebiasedEma(0)],
  ["timed EMA", () => new TimedEma(3)],
  ["mean", () => new RollingMean(5)],
  ["median", () => new RollingMedian(5)],
];

describe.each(all)("%s", (name, make) => {
  test("leaves a constant as it is, to the last bit", () => {
    expect(
      smooth(
        make(),
        Array.from({ length: 20 }, () => 0.1),
      ),
    ).toEqual(Array.from({ length: 20 }, () => 0.1));
  });

  test("begins with the first value and stays between the extremes", () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const smoothed = smooth(make(), numbers);
        expect(smoothed[0]).toBe(numbers[0]);
        for (const x of smoothed) {
          expect(x).toBeGreaterThanOrEqual(Math.min(...numbers) - 1e-12);
          expect(x).toBeLessThanOrEqual(Math.max(...numbers) + 1e-12);
        }
      }),
      { seed },
    );
  });

  test("starts afresh behind NaN, infinities, a new segment and a step that goes back", () => {
    const after = smooth(make(), [7, 8, 9]);
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      const smoothed = smooth(make(), [1, 2, 3, bad, 7, 8, 9]);
      expect(smoothed[3]).toBeNaN();
      expect(smoothed.slice(4)).toEqual(after);
    }
    const segments = make();
    expect([1, 2, 3, 7, 8, 9].map((x, i) => segments.add(i, x, i < 3 ? 0 : 1)).slice(3)).toEqual(after);
    expect(smooth(make(), [1, 2, 3, 7, 8, 9], (i) => (i < 3 ? i + 10 : i)).slice(3)).toEqual(after);
  });

  test("starts afresh behind a gap of more than 20 usual strides, and not behind a longer stride", () => {
    const before = Array.from({ length: 12 }, (_, i) => i);
    const behind = (jump: number): number[] => {
      const smoother = make();
      // Two points stand at each step, which are no strides.
      for (const x of before) for (const y of [x, x + 1]) smoother.add(10 * x, y);
      return [7, 8, 9].map((y, i) => smoother.add(110 + jump + 10 * i, y));
    };
    expect(behind(210)).toEqual(smooth(make(), [7, 8, 9], (i) => 10 * i));
    // What others still weigh behind so many steps is nothing.
    if (["EMA", "mean", "median"].includes(name)) expect(behind(190)).not.toEqual(behind(210));
  });
});

test("an EMA of weight 0 leaves every value as it is, to the last bit", () => {
  const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
  fc.assert(
    fc.property(numbers, (given) => {
      expect(smooth(new DebiasedEma(0), given).map((x) => x + 0)).toEqual(given.map((x) => x + 0));
    }),
    { seed, examples: [[[1e20, 1, 0.3, 0.1]], [[1.7e308, -1.7e308, 1]]] },
  );
});

test("a spike that has lost its weight takes no digits from the points behind it", () => {
  // A hundred half-lives on a point weighs 2^-100.
  expect(smooth(new TimedEma(10), [1e20, 1, 0.3], (i) => 1000 * i)).toEqual([
    1e20,
    1 + 1e20 * 2 ** -100,
    0.3,
  ]);
});

test("an EMA of finite values is finite, however far they are apart", () => {
  for (const smoother of [new DebiasedEma(0.9), new DebiasedEma(0.1), new TimedEma(3)]) {
    const smoothed = smooth(smoother, [1.7e308, -1.7e308, 1.7e308, 1, 1]);
    expect(smoothed.every(Number.isFinite)).toBe(true);
  }
});

test("the EMA is its definition", () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 0.99, noNaN: true }), (numbers, weight) => {
      let over = 0;
      let under = 0;
      for (const x of numbers) {
        over = weight * over + x;
        under = weight * under + 1;
      }
      expect(smooth(new DebiasedEma(weight), numbers).at(-1)).toBeCloseTo(over / under, 9);
    }),
    { seed },
  );
});

test("the timed EMA is its definition, and at even steps the EMA", () => {
  const steps = fc.array(fc.nat(9), { minLength: 50, maxLength: 50 });
  fc.assert(
    fc.property(values, steps, fc.integer({ min: 1, max: 20 }), (numbers, gaps, halfLife) => {
      const at = numbers.map((_, i) => gaps.slice(0, i + 1).reduce((sum, gap) => sum + gap, 0));
      const end = at.at(-1)!;
      const weights = at.map((step) => 2 ** ((step - end) / halfLife));
      const over = numbers.reduce((sum, x, i) => sum + weights[i]! * x, 0);
      const under = weights.reduce((sum, w) => sum + w, 0);
      expect(smooth(new TimedEma(halfLife), numbers, (i) => at[i]!).at(-1)).toBeCloseTo(over / under, 9);
      const even = smooth(new TimedEma(halfLife), numbers).at(-1)!;
      expect(even).toBeCloseTo(smooth(new DebiasedEma(2 ** (-1 / halfLife)), numbers).at(-1)!, 9);
    }),
    { seed },
  );
});

test("the rolling mean forgets what has left it, to the last bit", () => {
  const huge = smooth(new RollingMean(3), [1e300, -1e300, 1, 0.25, 0.5, 0.75]);
  expect(huge.slice(3)).toEqual([huge[3], (1 + 0.25 + 0.5) / 3, 0.5]);
  expect(smooth(new RollingMean(2), [1.7e308, 1.7e308])).toEqual([1.7e308, 1.7e308]);
});

test("the rolling median leaves no trace of a short spike", () => {
  expect(smooth(new RollingMedian(5), [1, 1, 1, 90, 80, 1, 1])).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect(smooth(new RollingMedian(3), [3, 1, 2, 5, 4])).toEqual([3, 1, 2, 2, 4]);
});

test("windows and weights that make no sense are refused", () => {
  for (const make of [
    () => new DebiasedEma(1),
    () => new DebiasedEma(-0.1),
    () => new DebiasedEma(Number.NaN),
    () => new TimedEma(0),
    () => new RollingMean(0),
    () => new RollingMean(2.5),
    () => new RollingMedian(2 ** 21),
  ]) {
    expect(make).toThrow(expect.objectContaining({ code: "LF_BAD_PARAMETER" }));
  }
  for (const none of [null, undefined, "0.5", "3", [], [3], true, 2n, Symbol("3"), Object.create(null)]) {
    const given = none as number;
    for (const make of [
      () => new DebiasedEma(given),
      () => new TimedEma(given),
      () => new RollingMean(given),
      () => new RollingMedian(given),
      ...(none === undefined ? [] : [() => new BlockSeries(given)]),
    ])
      expect(make).toThrow(expect.objectContaining({ code: "LF_BAD_PARAMETER" }));
  }
});

test("options may be given as none", () => {
  for (const make of [
    () => new Pyramid(null),
    () => new SpikeDetector("loss", null),
    () => new PlateauDetector("loss", null),
    () => new StallDetector("loss", null),
  ])
    expect(make).not.toThrow();
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesFromSum, ExactSum } from "@lossflow/core";
import { type Buckets, Pyramid } from "@lossflow/series";
import { normals } from "../noise.ts";

const seed = Number(process.env["LOSSFLOW_SEED"] ?? 20260731);

interface Point {
  readonly step: number;
  readonly value: number;
  readonly segment: number;
}

/** Points with uneven steps, some that go back, a few segments, and some values that are not finite. */
const anyPoints: fc.Arbitrary<Point[]> = fc
  .array(
    fc.record({
      gap: fc.oneof(
        { weight: 20, arbitrary: fc.nat(3) },
        { weight: 1, arbitrary: fc.integer({ min: -20, max: 0 }) },
      ),
      value: fc.oneof(
        { weight: 10, arbitrary: fc.integer({ min: -50, max: 50 }) },
        { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e300, 1e-300) },
      ),
      restart: fc.oneof({ weight: 30, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
    }),
    { maxLength: 200 },
  )
  .map((entries) => {
    let step = 0;
    let segment = 0;
    return entries.map(({ gap, value, restart }) => {
      step += gap;
      segment += restart;
      return { step, value, segment };
    });
  });

function pyramidFrom(points: readonly Point[], resolution: number): Pyramid {
  const pyramid = new Pyramid({ resolution });
  for (const { step, value, segment } of points) pyramid.add(step, value, segment);
  return pyramid;
}

/** The figures of bucket `k`, with its sum rounded. */
function figures(buckets: Buckets, k: number): Record<string, unknown> {
  const { min, minStep, max, maxStep, first, firstStep, last, lastStep, finite, nonFinite, broken } = buckets;
  return {
    min: min[k],
    minStep: minStep[k],
    max: max[k],
    maxStep: maxStep[k],
    first: first[k],
    firstStep: firstStep[k],
    last: last[k],
    lastStep: lastStep[k],
    finite: finite[k],
    nonFinite: nonFinite[k],
    broken: broken[k],
    sum: buckets.sum(k).value(),
  };
}

/** The same figures, straight from the points; `points` are those of one bucket, `all` the whole series. */
function figuresOf(points: readonly Point[], all: readonly Point[]): Record<string, unknown> {
  const finite = points.filter(({ value }) => Number.isFinite(value));
  const pick = (better: (a: number, b: number) => boolean): Point | undefined =>
    finite.reduce<Point | undefined>(
      (best, p) => (best === undefined || better(p.value, best.value) ? p : best),
      undefined,
    );
  const min = pick((a, b) => a < b);
  const max = pick((a, b) => a > b);
  const sum = new ExactSum();
  for (const { value } of finite) sum.add(value);
  const breaks = (p: Point): boolean => {
    const before = all[all.indexOf(p) - 1];
    return before !== undefined && (p.segment !== before.segment || p.step < before.step);
  };
  return {
    min: min?.value ?? Number.NaN,
    minStep: min?.step ?? Number.NaN,
    max: max?.value ?? Number.NaN,
    maxStep: max?.step ?? Number.NaN,
    first: finite[0]?.value ?? Number.NaN,
    firstStep: finite[0]?.step ?? Number.NaN,
    last: finite.at(-1)?.value ?? Number.NaN,
    lastStep: finite.at(-1)?.step ?? Number.NaN,
    finite: finite.length,
    nonFinite: points.length - finite.length,
    broken: points.some(breaks) ? 1 : 0,
    sum: sum.value(),
  };
}

describe("while every point has its bucket", () => {
  test("the columns of any view are what its points give", () => {
    fc.assert(
      fc.property(
        anyPoints,
        fc.nat(100),
        fc.nat(200),
        fc.integer({ min: 1, max: 30 }),
        (points, from, length, pixels) => {
          const columns = pyramidFrom(points, 256).columns(from, from + length, pixels);
          const scale = length === 0 ? 0 : pixels / length;
          for (let k = 0; k < pixels; k++) {
            const inside = points.filter(
              ({ step }) =>
                step >= from &&
                step <= from + length &&
                Math.min(pixels - 1, Math.floor((step - from) * scale)) === k,
            );
            expect(figures(columns, k)).toEqual(figuresOf(inside, points));
          }
        },
      ),
      { seed, numRuns: 300 },
    );
  });
});

describe("where points share buckets", () => {
  test("the whole is still exact, also of two halves appended", () => {
    fc.assert(
      fc.property(
        anyPoints,
        fc.nat(200),
        fc.constantFrom(2, 4, 16),
        fc.constantFrom(2, 8, 64),
        (points, cut, resolution, other) => {
          const expected = figuresOf(points, points);
          const whole = pyramidFrom(points, resolution);
          expect(figures(whole.total(), 0)).toEqual(expected);
          const halves = pyramidFrom(points.slice(0, cut), resolution);
          halves.append(pyramidFrom(points.slice(cut), other));
          expect(figures(halves.total(), 0)).toEqual(expected);
          expect(halves.points).toBe(points.length);
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  test("0 extrema are hidden: seeded spikes in a million points stand in their columns at any zoom", () => {
    const normal = normals(1);
    const spikes = [3, 77_777, 77_778, 400_000, 400_001, 654_321, 999_999];
    const pyramid = new Pyramid({ resolution: 1024 });
    for (let i = 0; i < 1e6; i++) pyramid.add(i, spikes.includes(i) ? 100 + i : normal());
    expect(pyramid.points).toBe(1e6);
    for (const pixels of [40, 500, 2000]) {
      for (const [from, to] of [
        [0, 999_999],
        [300_000, 700_000],
        [77_000, 79_000],
      ] as const) {
        const columns = pyramid.columns(from, to, pixels);
        const inside = spikes.filter((step) => step >= from && step <= to);
        const columnOf = (step: number): number =>
          Math.min(pixels - 1, Math.floor(((step - from) * pixels) / (to - from)));
        for (const step of inside) {
          // Neighbours in one bucket: the higher is shown.
          expect(columns.max[columnOf(step)]! >= 100 + step || inside.includes(step + 1)).toBe(true);
        }
        const shown = [...columns.max.keys()].filter((k) => columns.max[k]! > 50);
        expect(shown.length).toBeLessThanOrEqual(inside.length);
      }
    }
  });

  test("counts and sums of the columns add up to the view", () => {
    const pyramid = new Pyramid({ resolution: 64 });
    for (let i = 0; i < 10_000; i++) pyramid.add(i, i % 10 === 0 ? Number.NaN : 0.1);
    const columns = pyramid.columns(0, 9999, 300);
    const sum = new ExactSum();
    let finite = 0;
    let nonFinite = 0;
    for (let k = 0; k < 300; k++) {
      sum.merge(columns.sum(k));
      finite += columns.finite[k]!;
      nonFinite += columns.nonFinite[k]!;
    }
    const expected = new ExactSum();
    expected.addRepeated(0.1, 9000);
    expect([finite, nonFinite]).toEqual([9000, 1000]);
    expect(bytesFromSum(sum)).toEqual(bytesFromSum(expected));
  });
});

test("memory is bounded by the resolution", () => {
  const pyramid = new Pyramid({ resolution: 64 });
  for (let i = 0; i < 100_000; i++) pyramid.add(i, i);
  expect(pyramid.width).toBeGreaterThanOrEqual(100_000 / 64);
  expect(pyramid.width).toBeLessThan((2 * 100_000) / 32);
});

test("a resolution that is none is refused: no memory would hold the buckets, or coarsening them not end", () => {
  const pyramid = pyramidFrom([], 64);
  pyramid.add(0, 1);
  for (const none of [0, -1, Number.NaN, "64", null, 64n] as number[]) {
    const refused = expect.objectContaining({ code: "LF_BAD_PARAMETER" });
    expect(() => new Pyramid({ resolution: none })).toThrow(refused);
    expect(() => pyramid.coarsen(none)).toThrow(refused);
  }
  expect(pyramid.points).toBe(1);
});

test("a series without a finite value, and none at all", () => {
  const nothing = new Pyramid();
  expect(figures(nothing.total(), 0)).toEqual(figuresOf([], []));
  expect(nothing.columns(0, 10, 2).finite).toEqual(new Float64Array(2));
  nothing.add(5, Number.NaN);
  expect(figures(nothing.columns(5, 5, 3), 0)).toMatchObject({ min: Number.NaN, nonFinite: 1 });
});

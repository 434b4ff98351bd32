import { DebiasedEma, RollingMean, RollingMedian, type Smoother, TimedEma } from "@lossflow/series";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SmoothedLines } from "../../src/plot/smoothed-lines.ts";
import type { Places } from "../../src/plot/axis.ts";
import { type Smoothing, SMOOTHINGS } from "../../src/plot/smoothing.ts";
import { Stretches } from "../../src/plot/stretches.ts";

const SEED = Number(process.env["LOSSFLOW_SEED"] ?? 20_261_124);

interface Step {
  readonly step: number;
  readonly value: number;
  readonly segment: number;
}

/** Series with NaN, resumes and steps that go back. */
const series = fc
  .array(
    fc.record({
      value: fc.oneof(
        { weight: 9, arbitrary: fc.double({ noNaN: true, min: -100, max: 100 }) },
        fc.constant(NaN),
      ),
      kind: fc.oneof({ weight: 20, arbitrary: fc.constant("on") }, fc.constantFrom("resume", "back")),
    }),
    { minLength: 1, maxLength: 300 },
  )
  .map((points) => {
    let step = 0;
    let segment = 0;
    return points.map(({ value, kind }): Step => {
      if (kind === "resume") segment++;
      step = kind === "back" ? Math.max(0, step - 5) : step + 1;
      return { step, value, segment };
    });
  });

function placesOf(step: number): Places {
  return { step, epoch: NaN, tokens: NaN, samples: NaN, time: step * 60 };
}

function smootherOf(smoothing: Smoothing): Smoother {
  if (smoothing.kind === "ema") return new DebiasedEma(smoothing.weight);
  if (smoothing.kind === "timed") return new TimedEma(smoothing.halfLife);
  return smoothing.kind === "mean" ? new RollingMean(smoothing.points) : new RollingMedian(smoothing.points);
}

test("every smoothing gives what its smoother of the series package gives, point by point", () => {
  fc.assert(
    fc.property(series, (points) => {
      const lines = new SmoothedLines();
      const stretches = new Stretches();
      const stretchOf = points.map(({ step, segment }) => stretches.next(step, segment));
      points.forEach(({ step, value, segment }, i) =>
        lines.add(placesOf(step), value, stretchOf[i]!, segment),
      );
      SMOOTHINGS.forEach((smoothing, k) => {
        const smoother = smootherOf(smoothing);
        const wanted = points.map(({ step, value }, i) =>
          smoothing.kind === "timed" && smoothing.along === "time"
            ? smoother.add(step * 60, value, stretchOf[i])
            : smoother.add(step, value, stretchOf[i]),
        );
        expect([...lines.line(k, "step", -Infinity, Infinity).y]).toEqual(wanted);
      });
    }),
    { seed: SEED },
  );
});

test("a long line keeps its memory, its ends and every break", () => {
  const lines = new SmoothedLines();
  const size = 50_000;
  for (let i = 0; i < size; i++)
    lines.add(placesOf(i), i === 20_001 ? NaN : 1, i < 35_003 ? 0 : 1, i < 35_003 ? 0 : 1);
  const { x, y, broken } = lines.line(1, "step", 0, size);
  expect(x.length).toBeLessThanOrEqual(1_024);
  expect(x[0]).toBe(0);
  expect(x.at(-1)).toBeGreaterThan(size * 0.99);
  expect([...y].every((value) => value === 1 || Number.isNaN(value))).toBe(true);
  const breaks = [...broken].flatMap((flag, k) => (flag === 1 && k > 0 ? [x[k]!] : []));
  expect(breaks).toHaveLength(2);
  expect(breaks[0]).toBeGreaterThanOrEqual(20_001);
  expect(breaks[1]).toBeGreaterThanOrEqual(35_003);
  expect(breaks[1]! - 35_003).toBeLessThan(200);
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  categoricalCrossEntropy,
  categoricalHinge,
  cosine,
  dice,
  focal,
  gaussianNll,
  hinge,
  huber,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  quantile,
  smoothL1,
  softmaxFocal,
  sparseCategoricalCrossEntropy,
  squaredHinge,
  tversky,
  type Loss,
} from "@lossflow/core";
import { holds } from "../oracle.ts";
import { between, floats } from "./any-batch.ts";
import { expectClose } from "./expect-close.ts";
import { hard, labels, none, reals, rows, SIZE } from "./small-batches.ts";

/** Probabilities of which 1 - p has no error. */
const eighths = floats(
  fc.integer({ min: 1, max: 7 }).map((k) => k / 8),
  SIZE,
);
const times = (values: Float64Array, factor: number): Float64Array => values.map((v) => v * factor);
/** Each row's columns 0, 1, 2 from its columns 1, 2, 0. */
const turned = (values: ArrayLike<number>): Float64Array =>
  Float64Array.from(values, (_, i) => values[i - (i % 3) + ((i + 1) % 3)]!);

describe("distances", () => {
  const even: readonly [string, Loss<"none">][] = [
    ["mse", meanSquaredError(none)],
    ["mae", meanAbsoluteError(none)],
    ["huber", huber(none)],
    ["smooth_l1", smoothL1(none)],
    ["log_cosh", logCosh(none)],
    ["quantile", quantile(none)],
  ];
  test.each(even)(
    "%s: either way round, and mirrored at 0, they are the same, and slopes the opposite",
    (_, loss) => {
      holds(
        fc.property(reals, reals, (x, t) => {
          const [losses, slopes] = [loss.value(x, t), loss.gradient(x, t)];
          for (const [a, b] of [
            [t, x],
            [times(x, -1), times(t, -1)],
          ] as const) {
            expectClose(loss.value(a, b), losses, 0);
            expectClose(
              loss.gradient(a, b).map((g) => -g),
              slopes,
              0,
            );
          }
        }),
      );
    },
  );

  test("a quantile is the other one the other way round", () => {
    holds(
      fc.property(reals, reals, fc.integer({ min: 0, max: 64 }), (x, t, k) => {
        const [loss, other] = [quantile({ tau: k / 64, ...none }), quantile({ tau: 1 - k / 64, ...none })];
        expectClose(loss.value(x, t), other.value(t, x), 0);
      }),
    );
  });

  /** The loss in another unit, and the power of that unit in which it is. */
  const scaled: readonly [string, (unit: number) => Loss<"none">, power: number][] = [
    ["mse", () => meanSquaredError(none), 2],
    ["mae", () => meanAbsoluteError(none), 1],
    ["quantile", () => quantile({ tau: 0.3, ...none }), 1],
    ["huber", (unit) => huber({ delta: 2 * unit, ...none }), 2],
    ["smooth_l1", (unit) => smoothL1({ beta: 2 * unit, ...none }), 1],
    ["mape", (unit) => meanAbsolutePercentageError({ eps: unit / 1024, ...none }), 0],
  ];
  test.each(scaled)("%s: in another unit they are that power of it, bit by bit", (_, make, power) => {
    holds(
      fc.property(reals, reals, fc.integer({ min: -400, max: 400 }), (x, t, exponent) => {
        const unit = 2 ** exponent;
        const [here, there] = [make(1), make(unit)];
        const [a, b] = [times(x, unit), times(t, unit)];
        expectClose(there.value(a, b), times(here.value(x, t) as Float64Array, unit ** power), 0);
        expectClose(there.gradient(a, b), times(here.gradient(x, t) as Float64Array, unit ** (power - 1)), 0);
      }),
    );
  });

  test("a normal distribution in another unit costs the unit's logarithm more", () => {
    holds(
      fc.property(
        reals,
        reals,
        floats(between(0.1, 4), SIZE),
        fc.integer({ min: -40, max: 40 }),
        (x, t, v, k) => {
          const unit = 2 ** k;
          const loss = gaussianNll({ eps: 1e-30, ...none });
          const here = loss.value(x, t, { variance: v });
          const there = loss.value(times(x, unit), times(t, unit), { variance: times(v, unit * unit) });
          for (let i = 0; i < SIZE; i++)
            expect(Math.abs(there[i]! - here[i]! - k * Math.LN2)).toBeLessThan(1e-14 * (28 + here[i]!));
        },
      ),
    );
  });
});

describe("questions", () => {
  test("a margin is the same mirrored at 0", () => {
    holds(
      fc.property(reals, hard, (x, t) => {
        const signs = t.map((v) => 2 * v - 1);
        for (const loss of [hinge(none), squaredHinge(none)]) {
          expectClose(loss.value(times(x, -1), times(signs, -1)), loss.value(x, signs), 0);
          expectClose(
            loss.gradient(times(x, -1), times(signs, -1)).map((g) => -g),
            loss.gradient(x, signs),
            0,
          );
        }
      }),
    );
  });

  test("0 counts as -1 where labels are 0 and 1, by themselves or as told, and is none beside -1", () => {
    for (const make of [hinge, squaredHinge]) {
      const found = make({ labels: "auto", ...none });
      holds(
        fc.property(reals, hard, (x, t) => {
          const signs = t.map((v) => 2 * v - 1);
          for (const way of ["value", "gradient"] as const) {
            const expected = make(none)[way](x, signs);
            expectClose(found[way](x, signs), expected, 0);
            expectClose(found[way](x, t), expected, 0);
            expectClose(make({ labels: "01", ...none })[way](x, t), expected, 0);
          }
        }),
      );
      // Only its rows are asked, whatever kind of list they stand in.
      const target = { length: 3, 0: 1, 1: 0, 2: -1 };
      const out = new Float64Array(2);
      found.unreduced({ prediction: [0.5, 0.5, 0.5], target, rows: 2, classes: 1 }, out);
      expect(out).toEqual(make(none).value([0.5, 0.5], [1, -1]));
      for (const [targets, row] of [
        [[1, 0, -1], 1],
        [[-1, 1, 0], 2],
        [[1, 1, 0.5], 2],
        [[-1, -0.5, 1], 1],
      ] as const) {
        const refusal = expect.objectContaining({ code: "LF_LABEL_OUT_OF_RANGE", row });
        expect(() => found.value([1, 1, 1], targets)).toThrow(refusal);
      }
    }
  });

  test("a probability asked the other way round costs the same, with soft targets too", () => {
    holds(
      fc.property(eighths, fc.oneof(hard, eighths), (p, t) => {
        const [otherP, otherT] = [p.map((v) => 1 - v), t.map((v) => 1 - v)];
        for (const [loss, other] of [
          [binaryCrossEntropy(none), binaryCrossEntropy(none)],
          [focal({ alpha: 0.25, ...none }), focal({ alpha: 0.75, ...none })],
        ] as const) {
          expectClose(loss.value(p, t), other.value(otherP, otherT), 2 ** -51);
          loss.gradient(p, t).forEach((slope, i) => {
            const opposite = other.gradient(otherP, otherT)[i]!;
            expect(Math.abs(slope + opposite)).toBeLessThan(1e-13);
          });
        }
      }),
    );
  });

  test("areas overlap alike either way round, misses being the false alarms of the other", () => {
    holds(
      fc.property(eighths, fc.oneof(hard, eighths), between(0.1, 1), between(0.1, 1), (p, t, alpha, beta) => {
        expect(tversky({ alpha, beta }).value(p, t)).toBe(tversky({ alpha: beta, beta: alpha }).value(t, p));
        expect(dice().value(p, t)).toBe(dice().value(t, p));
      }),
    );
  });

  test("a yes-or-no question asked the other way round costs the same, bit by bit", () => {
    holds(
      fc.property(reals, hard, (x, t) => {
        const otherX = x.map((v) => -v);
        const otherT = t.map((v) => 1 - v);
        for (const loss of [
          binaryCrossEntropy({ fromLogits: true, ...none }),
          focal({ fromLogits: true, ...none }),
        ]) {
          expectClose(loss.value(x, t), loss.value(otherX, otherT), 0);
          expectClose(
            loss.gradient(x, t),
            loss.gradient(otherX, otherT).map((g) => -g),
            0,
          );
        }
      }),
    );
  });
});

describe("rows", () => {
  test("classes may stand in any order, and slopes stand as they do", () => {
    holds(
      fc.property(reals, labels, (x, y) => {
        const hot = Float64Array.from({ length: SIZE }, (_, i) => +(i % 3 === y[Math.floor(i / 3)]));
        // Column 0 is the class that was 1.
        const turnedLabels = y.map((label) => (label + 2) % 3);
        const cases: readonly [Loss<"none">, Float64Array, Float64Array][] = [
          [sparseCategoricalCrossEntropy({ fromLogits: true, ...none }), y, turnedLabels],
          [softmaxFocal(none), y, turnedLabels],
          [categoricalCrossEntropy({ fromLogits: true, ...none }), hot, turned(hot)],
          [categoricalHinge(none), hot, turned(hot)],
          [cosine(none), hot, turned(hot)],
        ];
        for (const [loss, target, other] of cases) {
          expectClose(loss.value(turned(x), other, rows), loss.value(x, target, rows), 2 ** -50);
          const slopes = turned(loss.gradient(x, target, rows));
          loss.gradient(turned(x), other, rows).forEach((slope, i) => {
            expect(Math.abs(slope - slopes[i]!)).toBeLessThan(1e-14);
          });
        }
      }),
    );
  });

  test("a logit added to a whole row changes nothing, and its gradient adds up to 0", () => {
    holds(
      fc.property(
        floats(fc.integer({ min: -20, max: 20 }), SIZE),
        labels,
        fc.integer({ min: -999, max: 999 }),
        (x, y, shift) => {
          const loss = sparseCategoricalCrossEntropy({ fromLogits: true, ...none });
          expectClose(
            loss.value(x, y, rows),
            loss.value(
              x.map((v) => v + shift),
              y,
              rows,
            ),
            0,
          );
          const gradient = loss.gradient(x, y, rows);
          for (let r = 0; r < SIZE; r += 3)
            expect(Math.abs(gradient[r]! + gradient[r + 1]! + gradient[r + 2]!)).toBeLessThan(3e-16);
        },
      ),
    );
  });

  test("the cosine looks at directions only, at any scale", () => {
    holds(
      fc.property(reals, reals, fc.integer({ min: -900, max: 900 }), (p, t, exponent) => {
        const loss = cosine(none);
        expectClose(
          loss.value(
            p.map((v) => v * 2 ** exponent),
            t,
            rows,
          ),
          loss.value(p, t, rows),
          0,
        );
        const turned = loss
          .gradient(
            p.map((v) => v * 2 ** exponent),
            t,
            rows,
          )
          .map((g) => g * 2 ** exponent);
        expectClose(turned, loss.gradient(p, t, rows), 0);
      }),
    );
  });

  test("an angle of 1e-6 keeps its digits", () => {
    const value = cosine().value([[1, 1e-6]], [[1, 0]]);
    expect(Math.abs(value / 4.99999999999625e-13 - 1)).toBeLessThan(1e-12);
  });
});

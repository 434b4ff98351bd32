import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  balancedBinaryCrossEntropy,
  binaryCrossEntropy,
  categoricalCrossEntropy,
  categoricalFocalKeras,
  dice,
  focal,
  generalizedKl,
  huber,
  klDivergence,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  quantile,
  smoothL1,
  softmaxFocal,
  sparseCategoricalCrossEntropy,
  tversky,
} from "@lossflow/core";
import { expectClose } from "./expect-close.ts";
import { holds } from "../oracle.ts";
import { between, floats } from "./any-batch.ts";
import { hard, labels, none, reals, rows, SIZE } from "./small-batches.ts";

const shares = floats(between(0.01, 0.99), SIZE);

describe("losses that are one another", () => {
  test("Huber is delta times smooth L1; as delta grows half the squared error, as it shrinks delta times the absolute", () => {
    holds(
      fc.property(reals, reals, between(0.1, 10), (x, t, delta) => {
        const smooth = smoothL1({ beta: delta, ...none }).value(x, t);
        expectClose(
          huber({ delta, ...none }).value(x, t),
          smooth.map((l) => l * delta),
          1e-15,
        );
        expectClose(
          huber({ delta: 1e6, ...none }).value(x, t),
          meanSquaredError(none)
            .value(x, t)
            .map((l) => l / 2),
          0,
        );
        const tiny = 2 ** -40;
        const absolute = meanAbsoluteError(none).value(x, t);
        huber({ delta: tiny, ...none })
          .value(x, t)
          .forEach((l, i) => {
            expect(Math.abs(l / tiny - absolute[i]!)).toBeLessThanOrEqual(tiny);
          });
        expectClose(smoothL1({ beta: 0, ...none }).value(x, t), absolute, 0);
        expectClose(
          quantile(none).value(x, t),
          absolute.map((l) => l / 2),
          0,
        );
      }),
    );
  });

  test("the focal loss with gamma 0 is the cross-entropy", () => {
    holds(
      fc.property(reals, shares, hard, labels, (x, p, t, y) => {
        const logits = { fromLogits: true, ...none };
        const entropies = binaryCrossEntropy(logits).value(x, t);
        expectClose(focal({ ...logits, gamma: 0 }).value(x, t), entropies, 1e-15);
        // One takes log1p, the other ln with what rounding took.
        expectClose(focal({ gamma: 0, ...none }).value(p, t), binaryCrossEntropy(none).value(p, t), 2 ** -51);
        expectClose(
          softmaxFocal({ gamma: 0, ...none }).value(x, y, rows),
          sparseCategoricalCrossEntropy(logits).value(x, y, rows),
          1e-15,
        );
        expectClose(
          softmaxFocal({ gamma: 0, ...none }).gradient(x, y, rows),
          sparseCategoricalCrossEntropy(logits).gradient(x, y, rows),
          4e-16,
        );
      }),
    );
  });

  test("balanced with beta 1/2 is half the cross-entropy", () => {
    holds(
      fc.property(reals, shares, (x, t) => {
        const half = binaryCrossEntropy({ fromLogits: true, ...none })
          .value(x, t)
          .map((l) => l / 2);
        expectClose(
          balancedBinaryCrossEntropy({ fromLogits: true, beta: 0.5, ...none }).value(x, t),
          half,
          3e-16,
        );
      }),
    );
  });

  test("sparse labels are one-hot rows, smoothed or not", () => {
    holds(
      fc.property(reals, shares, labels, fc.constantFrom(0, 0.1, 1), (x, p, y, labelSmoothing) => {
        const oneHot = Array.from(y, (label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)));
        for (const fromLogits of [false, true]) {
          const options = { fromLogits, labelSmoothing, ...none };
          const dense = categoricalCrossEntropy(options);
          const sparse = sparseCategoricalCrossEntropy(options);
          expectClose(
            sparse.value(fromLogits ? x : p, y, rows),
            dense.value(fromLogits ? x : p, oneHot, rows),
            4e-16,
          );
          const gap = sparse
            .gradient(fromLogits ? x : p, y, rows)
            .map(
              (g, i) =>
                Math.abs(g - dense.gradient(fromLogits ? x : p, oneHot, rows)[i]!) / (1 + Math.abs(g)),
            );
          expect(Math.max(...gap)).toBeLessThan(4e-16);
        }
      }),
      50,
    );
  });

  test("focal losses under smoothing are those of targets that are smoothed", () => {
    holds(
      fc.property(reals, shares, shares, fc.constantFrom(0.1, 0.5, 1), (x, p, t, labelSmoothing) => {
        const smoothed = (classes: number): Float64Array =>
          t.map((share) => share * (1 - labelSmoothing) + labelSmoothing / classes);
        for (const fromLogits of [false, true]) {
          const prediction = fromLogits ? x : p;
          for (const [make, classes, ulps] of [
            // These keep what rounding takes from smoothed targets.
            [focal, 2, 2 ** -46],
            [categoricalFocalKeras, 3, 0],
          ] as const) {
            const options = { fromLogits, ...none };
            const loss = make({ ...options, labelSmoothing });
            const plain = make(options);
            const target = smoothed(classes);
            expectClose(loss.value(prediction, t, rows), plain.value(prediction, target, rows), ulps);
            const slopes = plain.gradient(prediction, target, rows);
            const size = Math.max(...slopes.map(Math.abs));
            loss.gradient(prediction, t, rows).forEach((slope, i) => {
              expect(Math.abs(slope - slopes[i]!)).toBeLessThanOrEqual(ulps * size);
            });
          }
        }
      }),
    );
  });

  test("Dice is Tversky with both factors 1/2 and half the smoothing", () => {
    holds(
      fc.property(shares, hard, (p, t) => {
        expect(dice().value(p, t)).toBe(tversky({ smoothNum: 0.5, smoothDen: 0.5 }).value(p, t));
      }),
    );
  });
});

describe("divergences", () => {
  const distributions = floats(between(0.05, 1), 3).map((parts) => {
    const sum = parts[0]! + parts[1]! + parts[2]!;
    return Array.from(parts, (part) => part / sum);
  });

  test("of a distribution from itself are 0, generalised or not, whatever its mass", () => {
    holds(
      fc.property(distributions, between(0.1, 1), (p, mass) => {
        const target = p.map((share) => share * mass);
        const logarithms = target.map(Math.log);
        expect(Math.abs(generalizedKl().value([logarithms], [target]))).toBeLessThan(1e-15);
        expect(Math.abs(klDivergence({ reduction: "sum" }).value([logarithms], [target]))).toBeLessThan(
          1e-15,
        );
      }),
    );
  });

  test("of distributions are the same, summed over the classes, generalised or not", () => {
    holds(
      fc.property(distributions, distributions, (p, q) => {
        const x = [q.map(Math.log)];
        const sum = klDivergence({ reduction: "batchmean" }).value(x, [p]);
        expect(generalizedKl().value(x, [p])).toBeCloseTo(sum, 14);
        expect(klDivergence({ logTarget: true, reduction: "sum" }).value(x, [p.map(Math.log)])).toBeCloseTo(
          sum,
          14,
        );
        expect(sum).toBeGreaterThan(-1e-15);
      }),
    );
  });
});

test("a difference beyond float64 does not overflow before the loss does", () => {
  const [x, t] = [
    [1e308, -1e308],
    [-1e308, 1e308],
  ];
  expectClose(huber({ delta: 0.125, ...none }).value(x, t), [2.5e307, 2.5e307], 4e-16);
  expectClose(quantile({ tau: 0.25, ...none }).value(x, t), [1.5e308, 5e307], 4e-16);
  expectClose(meanAbsolutePercentageError(none).value(x, t), [200, 200], 4e-16);
  expect(meanAbsoluteError(none).value(x, t)).toEqual(Float64Array.of(Infinity, Infinity));
});

test("flat predictions tell the number of classes by their labels", () => {
  const loss = sparseCategoricalCrossEntropy({ fromLogits: true });
  expect(loss.value([0, 1, 2, 3, 4, 6], [2, 1])).toBe(
    loss.value(
      [
        [0, 1, 2],
        [3, 4, 6],
      ],
      [2, 1],
    ),
  );
  expect(loss.gradient([0, 1, 2, 3, 4, 6], [2, 1])).toEqual(
    loss.gradient(
      [
        [0, 1, 2],
        [3, 4, 6],
      ],
      [2, 1],
    ),
  );
});

test("soft targets of pixels stand as their predictions do", () => {
  const loss = categoricalCrossEntropy({ fromLogits: true });
  const first = loss.value(
    [
      [
        [1, 2],
        [3, 5],
      ],
    ],
    [
      [
        [1, 0.5],
        [0, 0.5],
      ],
    ],
    { classAxis: "first" },
  );
  expect(first).toBe(
    loss.value(
      [
        [1, 3],
        [2, 5],
      ],
      [
        [1, 0],
        [0.5, 0.5],
      ],
    ),
  );
});

test("pixels: classes behind the batch or last, the same losses, and gradients each in its own order", () => {
  const [batch, classes, height, width] = [2, 3, 2, 2];
  const first = Float64Array.from({ length: batch * classes * height * width }, (_, i) => Math.sin(i) * 3);
  const label = Float64Array.from({ length: batch * height * width }, (_, i) => i % classes);
  const at = (n: number, c: number, pixel: number): number => (n * classes + c) * height * width + pixel;
  const last = new Float64Array(first.length);
  const moved = (from: Float64Array, to: Float64Array, toLast: boolean): Float64Array => {
    for (let n = 0; n < batch; n++) {
      for (let pixel = 0; pixel < height * width; pixel++) {
        for (let c = 0; c < classes; c++) {
          const k = (n * height * width + pixel) * classes + c;
          if (toLast) to[k] = from[at(n, c, pixel)]!;
          else to[at(n, c, pixel)] = from[k]!;
        }
      }
    }
    return to;
  };
  moved(first, last, true);
  const loss = sparseCategoricalCrossEntropy({ fromLogits: true, ignoreIndex: 2, classWeight: [1, 2, 3] });
  const early = { shape: [batch, classes, height, width], classAxis: "first" } as const;
  const late = { shape: [batch, height, width, classes] };
  expect(loss.value(first, label, early)).toBe(loss.value(last, label, late));
  const turned = moved(
    loss.gradient(last, label, late) as Float64Array,
    new Float64Array(first.length),
    false,
  );
  expect(loss.gradient(first, label, early)).toEqual(turned);
});

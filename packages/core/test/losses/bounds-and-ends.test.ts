import { describe, expect, test } from "vitest";
import { expectDigits } from "./expect-digits.ts";
import {
  balancedBinaryCrossEntropy,
  binaryCrossEntropy,
  dice,
  focal,
  gaussianNll,
  generalizedKl,
  klDivergence,
  logLossEps,
  LOSSES,
  lossFromSpec,
  meanSquaredLogarithmicError,
  poissonNll,
  tversky,
} from "@lossflow/core";

const none = { reduction: "none" } as const;

describe("next to the ends of a double, by 50-digit arithmetic", () => {
  test("slopes of the focal loss at denormal probabilities are finite where factors bring them back", () => {
    for (const [p, t, gamma, alpha, slope] of [
      [1e-310, 1, 2, 0.001, -1.0000000000000031e307],
      [5e-324, 1, 0, 1e-20, -2.024022533073106e303],
      [1e-310, 0.125, 2, -1, -1.953125000000006e307],
      [2e-310, 0.125, 0.5, 0.25, -1.5191747252054778e308],
    ] as const)
      expectDigits(
        focal({ gamma, alpha, ...none })
          .gradient([p], [t])
          .map((x) => x / 2 ** 60),
        [slope / 2 ** 60],
      );
    // Beyond the largest number, and at the ends themselves, they are infinite.
    expect(focal({ gamma: 0.5, alpha: 0.25, ...none }).gradient([1e-309], [1])).toEqual(
      Float64Array.of(-Infinity),
    );
    expect(focal({ gamma: 0, ...none }).gradient([0, 1], [1, 0])).toEqual(
      Float64Array.of(-Infinity, Infinity),
    );
  });

  test("a batch of soft targets next to 1 has its digits in what they leave of it", () => {
    const [x, t] = [
      [0.25, 0.5, 0.75],
      [1 - 2 ** -50, 1 - 2 ** -48, 1 - 2 ** -53],
    ];
    const loss = balancedBinaryCrossEntropy(none);
    const [mean, slopes] = [
      2.15454136427371e-15,
      [-1.6283271027835617e-15, 1.3569392523196357e-15, -5.263279524148892e-16],
    ] as const;
    expectDigits(loss.value(x, t), [2.3589440972714868e-15, 3.5142690141899156e-15, 5.904109813597266e-16]);
    expectDigits(balancedBinaryCrossEntropy().gradient(x, t), slopes);
    expectDigits([balancedBinaryCrossEntropy().value(x, t)], [mean]);
    const whole = loss.whole!;
    const parts = whole.parts.map(() => new Float64Array(3));
    whole.evaluate({ prediction: x, target: t, rows: 3, classes: 1 }, parts);
    const sums = parts.map((part) => part.reduce((a, b) => a + b));
    expectDigits([whole.value(sums, 3).mean], [mean]);
  });

  test("a weight of positives takes no digits of a denormal target, and nothing overflows on the way", () => {
    for (const [x, t, posWeight, loss] of [
      [-1e5, 1e-310, 1e-5, 1e-310],
      [-0.5, 1e-310, 1e300, 0.4740769842775144],
      [-1e308, 1, 0.25, 2.5e307],
      [2, 3e-320, 1e250, 2.1269280110429727],
      [-Infinity, 1, 0, 0],
      [-705, 0, 1, 6.643397797997952e-307],
    ] as const)
      expectDigits(binaryCrossEntropy({ fromLogits: true, posWeight, ...none }).value([x], [t]), [loss]);
  });

  test("the slope of a squared logarithm vanishes at an infinite prediction", () => {
    const slopes = meanSquaredLogarithmicError(none).gradient(
      [Infinity, Infinity, Infinity, 1],
      [1, Infinity, Number.NaN, Infinity],
    );
    expect(slopes).toEqual(Float64Array.of(0, Number.NaN, Number.NaN, -Infinity));
  });
});

test("at the ends slopes of a focal loss of soft targets are infinite: the pull of the entropy, which is so too, is less", () => {
  for (const gamma of [0, 0.5, 1, 2, 3])
    for (const t of [1e-9, 0.25, 0.5, 0.75])
      for (const alpha of [-1, 0, 0.25, 1])
        expect(focal({ gamma, alpha, ...none }).gradient([0, -0, 1], [t, t, t])).toEqual(
          Float64Array.of(-Infinity, -Infinity, Infinity),
        );
  expect(focal(none).gradient([0, Number.NaN, 1], [Number.NaN, 0.25, Number.NaN])).toEqual(
    new Float64Array(3).fill(Number.NaN),
  );
});

test("a certain and right answer costs 0, not -0", () => {
  for (const gamma of [0, 0.5, 1, 2, 3])
    for (const alpha of [-1, 0, 0.25, 1])
      expect(focal({ gamma, alpha, ...none }).value([0, 1, 1], [0, 1, 1])).toEqual(new Float64Array(3));
});

test("at a tie there is no slope, of a percentage either", () => {
  for (const loss of ["mae", "mape", "quantile", "mse", "huber", "smooth_l1", "log_cosh", "msle"])
    expect(lossFromSpec({ loss, params: { reduction: "none" } }).gradient([2], [2])[0], loss).toBe(0);
});

test("an infinite rate outgrows any count, a count of 0 any logarithm", () => {
  expect(poissonNll(none).value([Infinity, Infinity, Infinity], [3, 0, Number.NaN])).toEqual(
    Float64Array.of(Infinity, Infinity, Number.NaN),
  );
  const rates = poissonNll({ logInput: false, eps: 0, ...none });
  expect(rates.value([0, 0, Infinity], [0, 2, 2])).toEqual(Float64Array.of(0, Infinity, Infinity));
});

test("many counts bring forth what rounding takes from a rate next to 1 and its eps", () => {
  // By mpmath; 50,000 counts made 2.6e-12 of it.
  for (const [rate, count, eps, loss] of [
    [1.0102640108663787, 39, 1e-8, 0.6120075747267831],
    [1.0001, 1000, 1e-8, 0.9000950006666527],
    [0.9999999, 50_000, 1e-7, 0.9999998999973683],
  ] as const)
    expectDigits(poissonNll({ logInput: false, eps, ...none }).value([rate], [count]), [loss]);
});

test("a slope of a denormal probability is finite where its factors bring it back", () => {
  const loss = balancedBinaryCrossEntropy({ beta: 0.5, ...none });
  expect(loss.gradient([5e-309, 0, 0, Number.NaN], [0.25, 0, 1, 0])).toEqual(
    Float64Array.of(-0.125 / 5e-309, 0.5, -Infinity, Number.NaN),
  );
});

test.each([
  ...LOSSES.map(({ id }) => [id, {}] as const),
  ["log_loss_eps", { eps: 0 }],
  ["categorical_focal_keras", { eps: 0 }],
  ["poisson_nll", { log_input: false, eps: 0 }],
] as const)("%s %o takes -0 as 0, in values and slopes", (id, params) => {
  const loss = lossFromSpec({ loss: id, params: { ...params, reduction: "sum" } });
  const isRow = loss.unit === "row";
  for (const t of [0, 0.25, 1]) {
    const hard = loss.target === "sign" ? Math.sign(t - 0.5) : Math.round(t);
    const takesHard = loss.target === "sign" || loss.target === "label";
    const target = takesHard ? [hard] : isRow ? [[t, 1 - t]] : [t];
    const figuresAt = (zero: number): unknown => {
      const prediction = isRow ? [[zero, 1]] : [zero];
      const given = loss.readsVariance ? { variance: [1] } : {};
      const slopes = Array.from(loss.gradient(prediction, target, given), (slope) => slope + 0);
      return [loss.value(prediction, target, given), slopes];
    };
    expect(figuresAt(-0)).toEqual(figuresAt(0));
  }
});

test("a normal likelihood is finite where half of its squares is, and they are not", () => {
  const loss = gaussianNll(none);
  // (1.6e308)^2 / 1e308 is 2.56e308, beyond float64.
  expectDigits(loss.value([1.6e308, -1.6e308], [0, 0], { variance: [1e308, 1e308] }), [1.28e308, 1.28e308]);
  expect(loss.value([1e200], [0], { variance: [1] })[0]).toBe(Infinity);
});

test("a NaN stays one in gradients, also where a prediction is held and none would be left", () => {
  for (const [loss, x, t] of [
    [poissonNll({ logInput: false, ...none }), NaN, 0],
    [meanSquaredLogarithmicError(none), -1, NaN],
    [meanSquaredLogarithmicError(none), Infinity, NaN],
    [binaryCrossEntropy({ convention: "keras", ...none }), 0, NaN],
    [binaryCrossEntropy({ convention: "keras", ...none }), 1, NaN],
    [focal({ convention: "keras", ...none }), 0, NaN],
    [focal({ convention: "keras", ...none }), 1, NaN],
    [logLossEps(none), NaN, 0],
    [logLossEps(none), NaN, 1],
    [logLossEps(none), 0.5, NaN],
  ] as const)
    expect(loss.gradient([x], [t]), loss.id).toEqual(Float64Array.of(NaN));
});

test("infinite and very small predictions have their limits", () => {
  expect(generalizedKl(none).value([[Infinity, 0]], [[1, 0]])).toEqual(Float64Array.of(Infinity));
  expect(generalizedKl(none).value([[1e306]], [[1e6]])).toEqual(Float64Array.of(Infinity));
  expect(generalizedKl(none).value([[Infinity, NaN]], [[1, 0]])).toEqual(Float64Array.of(NaN));
  expect(generalizedKl(none).value([[800, 0]], [[NaN, 1]])).toEqual(Float64Array.of(NaN));
  expect(generalizedKl(none).value([[800]], [[Infinity]])).toEqual(Float64Array.of(NaN));
  const log = logLossEps({ eps: 0, ...none });
  expectDigits(log.gradient([2 ** -1030], [2 ** -30]), [-(2 ** 1000)]);
  expect(log.gradient([0, 1], [0, 1])).toEqual(Float64Array.of(1, -1));
  const kl = klDivergence({ logTarget: true, ...none });
  expect(kl.value([-Infinity, -Infinity, 0, 710], [-Infinity, 0, -Infinity, 710])).toEqual(
    Float64Array.of(0, Infinity, 0, 0),
  );
});

test("a numerator smoothed more than its denominator leaves the denominator its digits", () => {
  expectDigits([dice({ smoothNum: 1, smoothDen: 1e-7 }).value([1e-8], [0])], [-9090908.090909092]);
  expectDigits([tversky({ smoothNum: 1, smoothDen: 0 }).value([1e-8], [0])], [-199999999]);
  expectDigits([dice({ smoothNum: 1, smoothDen: 0 }).value([1e-17], [0])], [-1e17]);
  expectDigits(dice({ smoothNum: 1, smoothDen: 0 }).gradient([1e-17], [0]), [1e34]);
});

test("an infinite cross-entropy outgrows a power of a tiny soft target, which underflows", () => {
  for (const gamma of [2.5, 3, 20]) {
    const loss = focal({ gamma, ...none });
    expect(loss.value([0, 1], [1e-150, 1 - 2 ** -53])).toEqual(Float64Array.of(Infinity, Infinity));
    expect(loss.gradient([0, 0], [1e-150, 1e-120])).toEqual(Float64Array.of(-Infinity, -Infinity));
  }
  const logits = focal({ fromLogits: true, gamma: 100, ...none });
  expect(logits.value([Infinity, -Infinity], [0.9999999, 1e-7])).toEqual(Float64Array.of(Infinity, Infinity));
  expect(logits.value([Infinity, -Infinity], [1, 0])).toEqual(Float64Array.of(0, 0));
  expect(focal({ gamma: 3, ...none }).value([NaN, 0, 1], [1e-150, 0, 1])).toEqual(Float64Array.of(NaN, 0, 0));
});

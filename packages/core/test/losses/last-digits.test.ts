import { describe, expect, test } from "vitest";
import { ulpsBetween } from "../golden/differences.ts";
import { expectDigits } from "./expect-digits.ts";
import {
  ExactSum,
  binaryCrossEntropy,
  categoricalCrossEntropy,
  categoricalFocalKeras,
  categoricalHinge,
  cosine,
  focal,
  generalizedKl,
  softmaxFocal,
  sparseCategoricalCrossEntropy,
} from "@lossflow/core";

const none = { reduction: "none" } as const;

describe("digits that only a sum with its rounding error keeps", () => {
  // d/dp of -ln(p / (p + q)) is -q / (p (p + q)) and 1 / (p + q), where p + q rounds to p.
  const row = [[1, 1e-17]];
  const exact = { eps: 0, ...none };

  test("a row that is divided by its sum, almost all of which is the label's", () => {
    for (const convention of ["keras", "keras_tf"] as const) {
      expectDigits(sparseCategoricalCrossEntropy({ convention, ...exact }).gradient(row, [0]), [-1e-17, 1]);
      expectDigits(categoricalCrossEntropy({ convention, ...exact }).gradient(row, [[1, 0]]), [-1e-17, 1]);
    }
    // alpha (1 - q)^gamma (-ln q) with 1 - q = 1e-17, and its derivative -2 (1 - q) by q.
    const focal = categoricalFocalKeras({ gamma: 1, alpha: 1, ...exact });
    expectDigits(focal.value(row, [[1, 0]]), [1e-34]);
    expectDigits(focal.gradient(row, [[1, 0]]), [-2e-34, 2e-17]);
  });

  test("targets of which almost all is one class's", () => {
    // W p_c - f_c = (W - f_c) p_c - f_c (1 - p_c), where W - f_c is the others' 1e-17, and 1 - p_c is e^-45.
    const [f, p] = [1e-17, Math.exp(-45)];
    const soft = [[1, f]];
    expectDigits(categoricalCrossEntropy({ fromLogits: true, ...none }).gradient([[45, 0]], soft), [
      f - p,
      p - f,
    ]);
    // As shares: f_0 (1 - q_0) less the other's pull, of which q_1 = 1e-19 leaves nothing but f_1.
    const shares = [[1, 1e-19]];
    for (const convention of ["keras", "keras_tf"] as const) {
      const loss = categoricalCrossEntropy({ convention, ...exact });
      expectDigits(loss.gradient(shares, soft), [f - 1e-19, 1 - 100]);
    }
    const focal = categoricalFocalKeras({ gamma: 0, alpha: 1, ...exact });
    expectDigits(focal.gradient(shares, soft), [f - 1e-19, 1 - 100]);
  });

  test("a smoothed label far ahead", () => {
    const loss = sparseCategoricalCrossEntropy({ fromLogits: true, labelSmoothing: 0.01, ...none });
    // Its own 2 e / 3 of the others, beside which e^-60 is nothing, and -e / 3 for each of them.
    expectDigits(loss.gradient([[60, 0, 0]], [0]), [0.02 / 3, -0.01 / 3, -0.01 / 3]);
  });

  test("4,096 exponentials, each below the last digit of what stands before it", () => {
    const row = Float64Array.of(0, 0, ...new Float64Array(4096).fill(-37));
    const loss = sparseCategoricalCrossEntropy({ fromLogits: true, ...none });
    const s = 1 + 4096 * Math.exp(-37);
    expectDigits(loss.value(row, [0], { shape: [1, row.length] }), [Math.log1p(s)]);
    expectDigits(loss.gradient(row, [0], { shape: [1, row.length] }).slice(0, 2), [
      -s / (1 + s),
      1 / (1 + s),
    ]);
  });

  test("an angle of 4e-10", () => {
    // 1 - cos = sin^2 / (1 + cos), and |p| |t| sin = 7 * 3 k - 3 (7 k + 1) = -3.
    const k = 2 ** 30;
    const sin2 = 9 / 58 / ((7 * k + 1) ** 2 + (3 * k) ** 2);
    const gap = sin2 / (1 + Math.sqrt(1 - sin2));
    expectDigits(cosine(none).value([[7, 3]], [[7 * k + 1, 3 * k]]), [gap]);
    expectDigits(cosine(none).value([[7 * k + 1, 3 * k]], [[7, 3]]), [gap]);
  });

  test("an angle of 1e-6", () => {
    // -(b - cos a) / |p| for p = (1, d), t = (1, 0): -(d^2, -d) / (1 + d^2)^1.5.
    const d = 1e-6;
    const [first, second] = cosine(none).gradient([[1, d]], [[1, 0]]);
    const size = (1 + d * d) ** 1.5;
    expect(Math.abs(first! + (d * d) / size)).toBeLessThan(2e-16);
    expect(Math.abs(second! - d / size)).toBeLessThan(1e-21);
  });
});

test("a share near 1 of a row that is divided keeps what the others leave of its entropy", () => {
  // p = fl(1 - eps) of the sum p + eps: -ln(p / (p + eps)) = ln(1 + eps / p).
  const loss = sparseCategoricalCrossEntropy({ convention: "keras_tf", ...none });
  expectDigits(loss.value([[1e-300, 0.999999999]], [1]), [Math.log1p(1e-7 / (1 - 1e-7))]);
  // Divided by the sum alone, and not held.
  const keras = sparseCategoricalCrossEntropy({ convention: "keras", ...none });
  expectDigits(keras.value([[1e-6, 0.25]], [1]), [Math.log1p(1e-6 / 0.25)]);
});

describe("rows of 1,000 classes keep what rounding takes from their sums", () => {
  const classes = 1000;
  // A sequence without a period: fractions of multiples of the golden ratio.
  const shares = Float64Array.from({ length: classes }, (_, c) => (c * 0.6180339887498949) % 1);
  const shape = { shape: [1, classes] };

  test("the cross-entropy of a distribution", () => {
    const terms = shares.map((f, c) => -f * Math.log((c + 1) / (classes + 1)));
    const exact = new ExactSum();
    exact.addArray(terms);
    const probabilities = shares.map((_, c) => (c + 1) / (classes + 1));
    const [loss] = categoricalCrossEntropy({ convention: "torch", ...none }).value(
      probabilities,
      shares,
      shape,
    );
    expect(ulpsBetween(loss!, exact.value(), "f64")).toBeLessThanOrEqual(1);
  });

  test("the cross-entropy of a distribution, from logits", () => {
    const logits = shares.map((f, c) => f - (c % 7));
    const of = sparseCategoricalCrossEntropy({ fromLogits: true, ...none });
    const exact = new ExactSum();
    for (let c = 0; c < classes; c++) exact.addProduct(shares[c]!, of.value(logits, [c], shape)[0]!);
    const [loss] = categoricalCrossEntropy({ fromLogits: true, ...none }).value(logits, shares, shape);
    expect(ulpsBetween(loss!, exact.value(), "f64")).toBeLessThanOrEqual(1);
  });

  test("the cross-entropy of many small distributions, from logits, rounds their sum once", () => {
    const each = { shape: [1, 5] };
    const of = sparseCategoricalCrossEntropy({ fromLogits: true, ...none });
    const soft = categoricalCrossEntropy({ fromLogits: true, ...none });
    for (let from = 0; from + 5 <= classes; from += 5) {
      // Of all 53 digits, so that their sum is rounded too.
      const factors = shares.subarray(from, from + 5).map((share) => share * share);
      const logits = factors.map((f, c) => (f - shares[c]!) * (from % 3));
      const top = logits.indexOf(Math.max(...logits));
      const log = of.value(logits, [top], each)[0]!;
      const exact = new ExactSum();
      for (const [c, f] of factors.entries()) {
        exact.add(f * (logits[top]! - logits[c]!));
        exact.addProduct(f, log);
      }
      expect(soft.value(logits, factors, each)[0]).toBe(exact.value());
    }
  });

  test("slopes of the focal loss, which with gamma 0 are those of the cross-entropy", () => {
    // Added up plainly, 999 times exp(-1.7) are 100 units from their sum.
    const logits = shares.map((_, c) => (c === 0 ? 0 : -1.7));
    const slopes = softmaxFocal({ gamma: 0, ...none }).gradient(logits, [7], shape);
    const wanted = sparseCategoricalCrossEntropy({ fromLogits: true, ...none }).gradient(logits, [7], shape);
    expectDigits(slopes, Array.from(wanted));
  });
});

describe("scores that cancel", () => {
  const hinge = categoricalHinge(none);

  test("their sum keeps what rounding takes from it", () => {
    expect(hinge.value([[2 ** 54, -1, -1, -1, -1, -(2 ** 54)]], [[1, 1, 1, 1, 1, 1]])).toEqual(
      Float64Array.of(5),
    );
  });

  test("and from the products of shares", () => {
    const t = [1 - 3 * 2 ** -53, 1 - 2 ** -49];
    for (let k = 0; k < 50; k++) {
      const x = [1e16 + 2 * k, -1e16 - 66 * k - 34];
      const exact = new ExactSum();
      exact.add(1);
      exact.addProduct(1 - t[0]!, x[0]!);
      for (const [c, score] of x.entries()) exact.addProduct(-t[c]!, score);
      expectDigits(hinge.value([x], [t]), [Math.max(0, exact.value())]);
    }
  });
});

test("a smoothed target in the middle has a term on either side", () => {
  // Half of 1/2 and a quarter is 1/2: (p - 1/2) / (p (1 - p)).
  const loss = binaryCrossEntropy({ labelSmoothing: 0.5, ...none });
  expectDigits(loss.gradient([0.25, 0.75], [0.5, 0.5]), [-4 / 3, 4 / 3]);
});

test("the logarithm of 1 - p keeps what rounding takes from 1 - p", () => {
  const p = Float64Array.from({ length: 3000 }, (_, i) => ((i + 0.5) / 3000) ** 3);
  // Here even p times that rest counts.
  p.set([0.412487301699161, 0.39547350839295753, 0.4257065134519234]);
  const loss = binaryCrossEntropy(none);
  loss.value(p, new Float64Array(p.length)).forEach((value, i) => {
    expect(ulpsBetween(value, -Math.log1p(-p[i]!), "f64")).toBeLessThanOrEqual(1);
  });
  // So does that of a soft target, nothing of whose own part is seen beside it.
  for (const t of [0, 1e-30])
    focal({ gamma: 0, ...none })
      .value(p, new Float64Array(p.length).fill(t))
      .forEach((value, i) => {
        expect(ulpsBetween(value, -Math.log1p(-p[i]!), "f64")).toBeLessThanOrEqual(1);
      });
  expectDigits(focal({ gamma: 0, ...none }).value([1e-17], [1e-20]), [1e-17 - 1e-20 * Math.log(1e-17)]);
  expectDigits(loss.value([1e-17], [1e-20]), [1e-17 - 1e-20 * Math.log(1e-17)]);
});

test("what rounding takes from each class of generalised Kullback-Leibler comes back", () => {
  // With a target of 1 a class costs -x + e^x - 1, of which only e^x is rounded.
  for (const classes of [3, 5, 7, 11])
    for (let k = 1; k <= 40; k++) {
      const x = -k / 8;
      const sum = new ExactSum();
      for (let c = 0; c < classes; c++) for (const term of [-x, Math.exp(x), -1]) sum.add(term);
      const logarithms = Array<number>(classes).fill(x);
      expect(generalizedKl().value([logarithms], [logarithms.map(() => 1)])).toBe(sum.value());
    }
});

test("wide rows at an angle keep the digits of their cosine", () => {
  // Products of float32 are exact, and so are the sums of them.
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
  for (const share of [0.3, 0.6, 0.8, 1.2]) {
    const p = Float32Array.from({ length: 65_536 }, random);
    const t = p.map((x) => x + share * random());
    const [pp, tt, pt] = [new ExactSum(), new ExactSum(), new ExactSum()];
    p.forEach((x, i) => {
      pp.add(x * x);
      tt.add(t[i]! * t[i]!);
      pt.add(x * t[i]!);
    });
    const cos = pt.value() / Math.sqrt(pp.value() * tt.value());
    const [gap] = cosine(none).value(Array.from(p), Array.from(t), { shape: [1, p.length] });
    expect(Math.abs(gap! - (1 - cos)), `${gap}`).toBeLessThanOrEqual(3 * 2 ** -53);
  }
});

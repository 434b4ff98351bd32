import { lossFromSpec } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { exp, fromDouble, log, ONE, over, times } from "../scripts/exact-reals.mjs";
import { createKernels } from "../src/index.ts";
import { Random } from "./random.ts";

const kernels = createKernels();
const COUNT = 1500;

/** e^x for |x| up to 128. */
function expOf(x: bigint): bigint {
  let power = exp(x / 128n);
  for (let i = 0; i < 7; i++) power = times(power, power);
  return power;
}

/** ln(1 + s). */
function logOfOnePlus(s: bigint): bigint {
  let x = ONE + s;
  let halvings = 0n;
  for (; x > 2n * ONE; halvings++) x /= 2n;
  return log(x) + halvings * (2n * log((3n * ONE) / 2n) - log((9n * ONE) / 8n));
}

/** The softplus and the sigmoid of x. */
function softplusAndSigmoid(x: bigint): readonly [bigint, bigint] {
  const e = expOf(x < 0n ? x : -x);
  return [(x > 0n ? x : 0n) + logOfOnePlus(e), over(x > 0n ? ONE : e, ONE + e)];
}

function power(x: bigint, n: number): bigint {
  let y = ONE;
  for (let i = 0; i < n; i++) y = times(y, x);
  return y;
}

/** How many units in its last place `value` lies from `exact`. */
function unitsFrom(value: number, exact: bigint): number {
  const units = new Float64Array([value]);
  new BigInt64Array(units.buffer)[0]! += 1n;
  const unit = units[0]! - value;
  return Math.abs(Number(over(fromDouble(value) - exact, fromDouble(unit))) / Number(ONE));
}

/** Focal loss of logits; gamma 0 is the cross-entropy. */
function ofLogits(x: bigint, t: bigint, gamma: number): bigint {
  const [up, p] = softplusAndSigmoid(x);
  const [down, q] = softplusAndSigmoid(-x);
  const wrong = times(p, ONE - t) + times(q, t);
  return times(power(wrong, gamma), times(t, down) + times(ONE - t, up));
}

function ofProbabilities(p: bigint, t: bigint, gamma: number): bigint {
  const wrong = times(p, ONE - t) + times(ONE - p, t);
  const [yes, no] = [-log256(p), -log256(ONE - p)];
  return times(power(wrong, gamma), times(t, yes) + times(ONE - t, no));
}

/** ln(x) for x above 0, by halving or doubling into the range of the series. */
function log256(x: bigint): bigint {
  let y = x;
  let doublings = 0n;
  for (; y < ONE / 2n; doublings++) y *= 2n;
  return log(y) - doublings * (2n * log((3n * ONE) / 2n) - log((9n * ONE) / 8n));
}

describe("distance from the exact value", () => {
  it.each([
    { id: "bce_logits", gamma: 0, units: 3 },
    { id: "focal_logits", gamma: 1, units: 3 },
    { id: "focal_logits", gamma: 2, units: 3 },
    { id: "focal_logits", gamma: 3, units: 3 },
    { id: "bce", gamma: 0, units: 3 },
    { id: "focal", gamma: 2, units: 3 },
    { id: "focal", gamma: 3, units: 3 },
  ] as const)("of $id, gamma $gamma: at most $units units", ({ id, gamma, units }) => {
    const random = new Random(31);
    const isLogits = id.endsWith("logits");
    const loss = lossFromSpec({ loss: id, params: id.startsWith("focal") ? { gamma } : {} });
    const prediction = Float64Array.from({ length: COUNT }, () =>
      isLogits ? (random.unit() - 0.5) * 2 ** random.below(7) : random.unit(),
    );
    const target = Float64Array.from({ length: COUNT }, () =>
      random.unit() < 0.7 ? random.below(2) : random.unit(),
    );
    const out = new Float64Array(COUNT);
    kernels.unreduced(loss, { prediction, target, rows: COUNT, classes: 1 }, out);
    let most = 0;
    for (let i = 0; i < COUNT; i++) {
      const [x, t] = [fromDouble(prediction[i]!), fromDouble(target[i]!)];
      most = Math.max(
        most,
        unitsFrom(out[i]!, isLogits ? ofLogits(x, t, gamma) : ofProbabilities(x, t, gamma)),
      );
    }
    expect(most).toBeLessThanOrEqual(units);
    expect(most).toBeGreaterThan(units / 8);
  });

  it.each([
    { classes: 3, units: 3 },
    { classes: 10, units: 3 },
    { classes: 100, units: 3 },
  ])("of scce_logits with $classes classes: at most $units units", ({ classes, units }) => {
    const random = new Random(32);
    const rows = 150;
    const prediction = Float32Array.from({ length: rows * classes }, () => 6 * random.normal());
    const target = Int32Array.from({ length: rows }, () => random.below(classes));
    const out = new Float64Array(rows);
    kernels.unreduced(lossFromSpec({ loss: "scce_logits" }), { prediction, target, rows, classes }, out);
    let most = 0;
    for (let r = 0; r < rows; r++) {
      const x = Array.from(prediction.subarray(r * classes, (r + 1) * classes), fromDouble);
      const y = target[r]!;
      let others = 0n;
      for (const [c, v] of x.entries()) if (c !== y) others += expOf(v - x[y]!);
      most = Math.max(most, unitsFrom(out[r]!, logOfOnePlus(others)));
    }
    expect(most).toBeLessThanOrEqual(units);
    expect(most).toBeGreaterThan(units / 8);
  });
});

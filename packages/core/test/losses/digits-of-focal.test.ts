import { expect, test } from "vitest";
import { ulpsBetween } from "../golden/differences.ts";
import { expectDigits } from "./expect-digits.ts";
import { ExactSum, focal } from "@lossflow/core";

const none = { reduction: "none" } as const;

test("a high power keeps what rounding takes from 1 - t and from 1 - p", () => {
  // 1 - p_t is p + t (1 - 2 p): its 60th power, times an entropy that changes far less. Of the second t 1 - 2 t is rounded as well.
  const targets = [2 ** -54, 3 * 2 ** -55];
  const steep = { gamma: 60, ...none };
  for (const [loss, x, share] of [
    [focal(steep), 0.75, -40.8],
    [focal({ ...steep, fromLogits: true }), Math.log(3), -40.8],
    [focal({ ...steep, fromLogits: true }), -Math.log(3), 123.8],
  ] as const) {
    for (const t of targets) {
      const [hard, soft] = loss.value([x, x], [0, t]) as unknown as [number, number];
      expect(Math.abs((soft - hard) / hard / t - share)).toBeLessThan(12);
    }
  }
  const entropy = 40.5 * Math.LN2;
  const [value] = focal(steep).value([2 ** -54], [0.75]);
  expect(Math.abs(value! / (0.75 ** 60 * entropy) - (1 - 40 * 2 ** -54))).toBeLessThan(6 * 2 ** -53);
});

test("where 1 - p_t is small, what rounding takes from it is no small part of it", () => {
  // With p = t = 1 - a it is 2 a (1 - a), of which t (1 - 2 p) loses a 2^28th.
  const a = 5 * 2 ** -29;
  const base = (2 * a) ** 20 * Math.exp(20 * Math.log1p(-a));
  const [value] = focal({ gamma: 20, ...none }).value([1 - a], [1 - a]);
  const wanted = base * -((1 - a) * Math.log1p(-a) + a * Math.log(a));
  expect(Math.abs(value! / wanted - 1)).toBeLessThan(6 * 2 ** -52);
});

test("a power below the least number comes back in the slope of a soft target", () => {
  // (p - t) / (p (1 - p)) is -1e130 beside 1e-70^5; the second from arithmetic of 3,000 bits.
  expectDigits(focal({ gamma: 5, ...none }).gradient([1e-200], [1e-70]), [-1e-220]);
  expectDigits(
    focal({ gamma: 60, ...none }).gradient([1.725196217257681e-115], [3.3608069e-6]),
    [-7.520014417648996e-220],
  );
});

test("the power of a probability that is held keeps what rounding takes from its base", () => {
  // From arithmetic of 3,000 bits: gamma (1 - p_t)^59 (1 - 2 t) times the entropy of 1 - 1e-7.
  const loss = focal({ gamma: 60, alpha: 0.878930417704396, convention: "keras", ...none });
  expectDigits(loss.gradient([0.9999999995947778], [0.7738433334743604]), [-6.891421997451751e-37]);
});

test("the entropy of a soft target keeps what rounding takes from its sum and from 1 - t", () => {
  const loss = focal({ gamma: 0, ...none });
  for (let k = 1; k < 500; k++) {
    const p = 0.5 + ((k * 0.6180339887498949) % 1) / 2;
    const t = ((k * 0.7548776662466927) % 1) ** 2;
    const exact = new ExactSum();
    exact.addProduct(t, -Math.log(p));
    exact.add(-Math.log(1 - p));
    exact.addProduct(t, Math.log(1 - p));
    expect(ulpsBetween(loss.value([p], [t])[0]!, exact.value(), "f64")).toBeLessThanOrEqual(1);
  }
});

test("and from logits, all but its last rounding", () => {
  const loss = focal({ fromLogits: true, gamma: 0, ...none });
  let missed = 0;
  for (let k = 1; k < 500; k++) {
    const x = (9 + ((k * 6.180339887498949) % 10)) * (k % 2 ? 1 : -1);
    const t = ((k * 0.7548776662466927) % 1) ** 2;
    // t ln(1 + e^-x) + (1 - t) ln(1 + e^x), whose difference is x.
    const exact = new ExactSum();
    exact.add(Math.log1p(Math.exp(-Math.abs(x))));
    if (x > 0) exact.add(x);
    exact.addProduct(-t, x);
    if (loss.value([x], [t])[0] !== exact.value()) missed++;
  }
  // The logarithm's own error, of the least ones.
  expect(missed).toBeLessThan(5);
});

test("the slopes of soft targets next to p = t, from logits", () => {
  // With t = 1/2 every 1 - p_t is 1/2: 2^-gamma (p - 1/2), and p - 1/2 is x / 4 for the least x.
  for (const x of [2 ** -30, -(2 ** -40), 3 * 2 ** -28]) {
    for (const gamma of [0, 2, 5]) {
      const loss = focal({ fromLogits: true, gamma, ...none });
      expectDigits(loss.gradient([x], [0.5]), [(x / 4) * 2 ** -gamma]);
    }
    // And p - t itself.
    for (const gap of [2 ** -30, 2 ** -54]) {
      const slopes = focal({ fromLogits: true, gamma: 0, ...none }).gradient([x], [0.5 - gap]);
      expectDigits(slopes, [x / 4 + gap]);
    }
  }
});

test("smoothed targets keep what rounding takes from 1 - t", () => {
  // Targets t (1 - e) + e / 2, from arithmetic of 3,000 bits.
  for (const [fromLogits, x, t, labelSmoothing, gamma, alpha, value, slope] of [
    [false, 0.999999999999, 1, 0.1, 0, -1, 1.381552161895618, 50001106109.52515],
    [false, 0.999, 1, 0.1, 2, -1, 0.0008972965736727745, 0.09534525728521473],
    [false, 0.999, 1, 0.1, 5, 0.25, 3.254033729218017e-8, 1.731574425756841e-6],
    [false, 0.999999999999, 0.75, 1e-6, 2, -1, 0.4317363458003045, 15625392533.896019],
    [false, 1e-9, 0, 1e-6, 2, -1, 2.6010312146609597e-18, -1.1486615084552526e-10],
    [true, 30, 1, 0.1, 2, -1, 0.003750000000012867, 0.0001249999999875544],
    [true, -30, 0, 0.1, 5, 0.25, 3.398437500028834e-7, -1.132812499721209e-8],
    [true, 28.5, 1, 1e-6, 3.5, -1, 1.2595376886167119e-27, 4.419056893093971e-29],
    // A high power shows what is missing from its base.
    [true, -3.0413397988926745, 0.9, 0.1, 200, -1, 8.800962088905659e-17, -6.936172246454028e-16],
    [true, -2.5294133890978565, 0.9, 0.1, 200, -1, 5.139817695688477e-19, -6.451305354502882e-18],
  ] as const) {
    const loss = focal({ fromLogits, labelSmoothing, gamma, alpha, ...none });
    expectDigits(loss.value([x], [t]), [value]);
    // Of two terms, of which one may be taken from the other.
    expect(Math.abs(loss.gradient([x], [t])[0]! / slope - 1)).toBeLessThan(10 * 2 ** -52);
  }
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAdam, stepAdam } from "../src/demo/adam.ts";
import { computeDetection } from "../src/demo/detection.ts";
import { backward, createNetwork, forward } from "../src/demo/network.ts";
import { seededRandom } from "../src/demo/seeded-random.ts";
import { shuffle } from "../src/demo/shuffle.ts";

const seed = Number(process.env["LOSSFLOW_SEED"] ?? 20120101);

describe("seeded random numbers", () => {
  it("are the same for the same seed, in [0, 1), and evenly spread", () => {
    const first = seededRandom(seed);
    const second = seededRandom(seed);
    const buckets = new Int32Array(16);
    for (let k = 0; k < 16_000; k++) {
      const x = first();
      expect(second()).toBe(x);
      buckets[Math.floor(x * 16)]!++;
    }
    // Chi-square with 15 degrees of freedom: 50 is passed once in 100,000.
    expect(buckets.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(50);
  });

  it("shuffle to every order equally often", () => {
    const random = seededRandom(seed);
    const counts = new Map<string, number>();
    for (let k = 0; k < 6000; k++) {
      const items = Int32Array.of(1, 2, 3);
      shuffle(items, random);
      counts.set(items.join(""), (counts.get(items.join("")) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe("the network", () => {
  it("has the gradient that central differences find", () => {
    const random = seededRandom(seed);
    const [inputs, hidden] = [3, 5];
    const network = createNetwork(inputs, hidden, 0.5, random);
    const { parameters } = network;
    for (let k = 0; k < parameters.length; k++) parameters[k] = 2 * random() - 1;
    const features = Float64Array.from({ length: 4 * inputs }, () => 2 * random() - 1);
    const active = new Float64Array(2 * hidden);
    const gradient = new Float64Array(parameters.length);
    forward(network, features, 2, active, hidden);
    backward(network, features, 2, active, hidden, 3, gradient);
    for (let k = 0; k < parameters.length; k++) {
      const kept = parameters[k]!;
      const at = (value: number): number => {
        parameters[k] = value;
        return forward(network, features, 2, active, 0);
      };
      const slope = (at(kept + 1e-6) - at(kept - 1e-6)) / 2e-6;
      parameters[k] = kept;
      expect(gradient[k]).toBeCloseTo(3 * slope, 7);
    }
  });
});

describe("Adam", () => {
  it("first moves each parameter by the rate, against the sign of its slope", () => {
    const parameters = Float64Array.of(1, 1, 1);
    stepAdam(createAdam(3), parameters, Float64Array.of(5, -1e-3, 0), 0.25);
    expect(parameters[0]).toBeCloseTo(0.75, 7);
    expect(parameters[1]).toBeCloseTo(1.25, 4);
    expect(parameters[2]).toBe(1);
  });

  it("finds the bottom of a bowl that is a thousand times steeper one way", () => {
    const parameters = Float64Array.of(3, -2);
    const adam = createAdam(2);
    for (let step = 0; step < 2000; step++) {
      const slopes = Float64Array.of(2000 * (parameters[0]! - 1), 2 * (parameters[1]! - 1));
      stepAdam(adam, parameters, slopes, 0.05 * (1 - step / 2000));
    }
    expect(parameters[0]).toBeCloseTo(1, 3);
    expect(parameters[1]).toBeCloseTo(1, 3);
  });
});

describe("computeDetection", () => {
  it("gives the figures of an example worked by hand", () => {
    // By falling score: 1 0 1 | 0 1, the threshold at the bar; precision at the hits 1/1, 2/3, 3/5.
    expect(computeDetection([0, 1, 1, 1, 0], [2, 3, -2, 1, -1], 0)).toEqual({
      positives: 3,
      found: 2,
      falseAlarms: 1,
      recall: 2 / 3,
      precision: 2 / 3,
      averagePrecision: (1 + 2 / 3 + 3 / 5) / 3,
    });
  });

  it("takes tied scores for one threshold, so that a constant is worth the share of positives", () => {
    const { averagePrecision, found, precision } = computeDetection([1, 0, 0, 1], [7, 7, 7, 7], 7);
    expect([averagePrecision, found, precision]).toEqual([0.5, 0, NaN]);
  });

  it("does not depend on the order of the rows, and only on the order of the scores", () => {
    const rows = fc.array(
      fc.record({ target: fc.constantFrom(0, 1), score: fc.integer({ min: -9, max: 9 }) }),
    );
    fc.assert(
      fc.property(rows, (rows) => {
        const figures = (list: typeof rows, scale: number): unknown =>
          computeDetection(
            list.map((row) => row.target),
            list.map((row) => row.score * scale),
            0,
          );
        expect(figures([...rows].reverse(), 1)).toEqual(figures(rows, 1));
        expect(figures(rows, 1000)).toEqual(figures(rows, 1));
      }),
      { seed },
    );
  });
});

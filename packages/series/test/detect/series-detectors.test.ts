import { describe, expect, test } from "vitest";
import { SeriesDetectors, type SeriesEvent } from "@lossflow/series";
import { normals, run } from "../noise.ts";

/** Kind, first step, last step and count of every incident. */
function incidents(values: readonly number[], isLoss = true): [string, number, number, number][] {
  const detectors = new SeriesDetectors("loss", isLoss ? "loss" : "other");
  const events: SeriesEvent[] = values.flatMap((value, step) => detectors.add(step, value));
  return events.map(({ kind, step, lastStep, count }) => [kind, step, lastStep, count]);
}

/** A language model's loss: a power law that is still falling at the end, with noise. */
function falling(noise: number, seed: number): (step: number) => number {
  const normal = normals(seed);
  return (step) => 2.2 + 8.5 / Math.sqrt(1 + step / 20) + noise * normal();
}

describe("ordinary training raises no alarm", () => {
  test.each([
    ["a power law with little noise", run(20_000, falling(0.03, 1))],
    ["a power law with much noise", run(20_000, falling(0.15, 2))],
    ["a short run", run(150, falling(0.03, 3))],
    ["an exponential descent without noise", run(2000, (i) => 0.1 + 2.3 * Math.exp(-i / 800))],
    ["a hyperbola to zero", run(5000, (i) => 1 / (1 + i / 50))],
    [
      "a loss printed to two decimals",
      run(900, (i) => Math.round((0.5 + 2 * Math.exp(-i / 400)) * 100) / 100),
    ],
  ])("%s", (_, values) => {
    expect(incidents(values)).toEqual([]);
  });

  test("a slow rise is neither spike nor divergence", () => {
    const values = run(1000, (i) => 2 + 3 * Math.exp(-i / 100) + 0.0002 * i);
    expect(incidents(values).map(([kind]) => kind)).toEqual(["plateau"]);
  });

  test("exponential noise, as of small batches: fewer than 0.3 spikes in 1,000 points", () => {
    const normal = normals(4);
    const noisy = run(20_000, (i) => ((0.3 + 2 * Math.exp(-i / 500)) * (normal() ** 2 + normal() ** 2)) / 2);
    const spikes = incidents(noisy).filter(([kind]) => kind === "spike").length;
    expect(spikes).toBeLessThan(6);
  });
});

describe("NaN and infinities", () => {
  test("are one incident a stretch, whatever the series", () => {
    const values = [1, Number.NaN, Number.NaN, 2, Infinity, -Infinity, Number.NaN, 3];
    for (const isLoss of [true, false]) {
      expect(incidents(values, isLoss)).toEqual([
        ["nan", 1, 2, 2],
        ["inf", 4, 5, 2],
        ["nan", 6, 6, 1],
      ]);
    }
  });

  test("of both signs are not told as one", () => {
    const message = (values: readonly number[]): string => {
      const detectors = new SeriesDetectors("loss", "loss");
      return values.flatMap((value, step) => detectors.add(step, value))[0]!.message;
    };
    expect(message([1, Infinity, -Infinity])).toBe(
      "loss becomes Infinity at step 1 and stays infinite, of either sign, for 2 points, to step 2.",
    );
    expect(message([1, -Infinity, -Infinity])).toBe(
      "loss becomes -Infinity at step 1 and stays so for 2 points, to step 2.",
    );
  });

  test("leave the other detectors alone", () => {
    const loss = falling(0.03, 5);
    const values = run(1000, (i) => (i % 7 === 0 ? Number.NaN : i === 500 ? 30 : loss(i)));
    expect(incidents(values).filter(([kind]) => kind !== "nan")).toEqual([["spike", 500, 500, 1]]);
  });
});

describe("spikes", () => {
  test("of one step, at any place after the first 16 points", () => {
    for (const at of [16, 17, 200, 5000]) {
      const loss = falling(0.03, 6);
      const values = run(6000, (i) => loss(i) * (i === at ? 1.6 : 1));
      expect(incidents(values)).toEqual([["spike", at, at, 1]]);
    }
  });

  test("near the start, once there are four points, where they rise by half", () => {
    for (const at of [4, 6, 9, 15]) {
      const loss = falling(0.03, 13);
      expect(incidents(run(60, (i) => loss(i) * (i === at ? 2.5 : 1)))).toEqual([["spike", at, at, 1]]);
      expect(incidents(run(60, (i) => loss(i) * (i === at ? 1.3 : 1)))).toEqual([]);
    }
    const steep = [5, 4, 3.5, 3.2, 3, 9, 2.9, 2.8, 2.75, 2.7];
    expect(incidents(steep)).toEqual([["spike", 5, 5, 1]]);
    const warmUp = run(60, (i) => (i < 20 ? 4 + i / 10 : 6 * Math.exp(-(i - 20) / 100)));
    expect(incidents(warmUp)).toEqual([]);
  });

  test("of a second point, once the third is back: else the first was the odd one, as a sum over fewer batches is", () => {
    const falls = run(28, (i) => 1800 * Math.exp(-i / 8) + 50);
    expect(incidents([20, ...falls])).toEqual([]);
    expect(incidents([20, Number.NaN, ...falls]).map(([kind]) => kind)).toEqual(["nan"]);
    expect(incidents([2, 100, 2, ...run(28, () => 1.9)])).toEqual([["spike", 1, 1, 1]]);
    const later = [20, ...falls.slice(0, 10), 9000, ...falls.slice(10)];
    expect(incidents(later)).toEqual([["spike", 11, 11, 1]]);
  });

  test("of gradients are explosions: above ten times their level", () => {
    const explosions = (factor: number): [string, number][] => {
      const normal = normals(14);
      const detectors = new SeriesDetectors("grad_norm", "gradient norm");
      return run(500, (i) => Math.exp(0.3 * normal()) * (i === 300 ? factor : 1)).flatMap((value, step) =>
        detectors.add(step, value).map(({ kind, step: at }): [string, number] => [kind, at]),
      );
    };
    expect(explosions(60)).toEqual([["spike", 300]]);
    expect(explosions(6)).toEqual([]);
  });

  test("of several steps are one incident with its length", () => {
    const loss = falling(0.03, 7);
    const values = run(2000, (i) => loss(i) * (i >= 700 && i < 712 ? 1.6 : 1));
    expect(incidents(values)).toEqual([["spike", 700, 711, 12]]);
  });

  test("do not hide the next one", () => {
    const loss = falling(0.03, 8);
    const spikes = [700, 703, 706, 709, 712, 715];
    const values = run(2000, (i) => loss(i) * (spikes.includes(i) ? 2 : 1));
    expect(incidents(values)).toEqual(spikes.map((at) => ["spike", at, at, 1]));
  });

  test("say what happened, once", () => {
    const detectors = new SeriesDetectors("train/loss", "loss");
    const values = run(100, (i) => (i === 60 ? 9 : i === 61 ? 8 : i === 62 ? 2.15 : 2));
    const event = values
      .flatMap((value, step) => detectors.add(10 * step, value))
      .find(({ kind }) => kind === "spike");
    expect({ ...event }).toEqual({
      kind: "spike",
      metric: "train/loss",
      step: 600,
      lastStep: 620,
      count: 3,
      value: 9,
      message: "train/loss jumps from about 2 to 9 at step 600 and stays high for 3 points, to step 620.",
    });
  });

  test("that climb say where they began and where they are highest", () => {
    const detectors = new SeriesDetectors("loss", "loss");
    const climb = [4, 6, 9, 7];
    const values = run(100, (i) => climb[i - 60] ?? 2);
    const [event] = values.flatMap((value, step) => detectors.add(10 * step, value));
    expect(event).toMatchObject({ step: 600, lastStep: 630, count: 4, value: 9 });
    expect(event!.message).toBe(
      "loss jumps from about 2 to 4 at step 600 and stays high for 4 points, to step 630; 9 at step 620 is its highest.",
    );
  });

  test("of more than 33 points are a new level, from which the next is seen", () => {
    const values = run(400, (i) => (i === 300 ? 9 : i < 100 ? 2 : 4));
    expect(incidents(values).filter(([kind]) => kind === "spike")).toEqual([
      ["spike", 100, 133, 34],
      ["spike", 300, 300, 1],
    ]);
  });
});

describe("divergence", () => {
  test("not of a loss that is noise around 0", () => {
    const normal = normals(12);
    expect(incidents(run(5000, () => normal())).filter(([kind]) => kind !== "plateau")).toEqual([]);
  });

  test("a jump that stays, also after the detector of spikes has let go", () => {
    const normal = normals(9);
    const values = run(1200, (i) => (i < 600 ? 2 + 3 * Math.exp(-i / 200) : 6) + 0.05 * normal());
    expect(incidents(values).filter(([kind]) => kind === "divergence")).toEqual([
      ["divergence", 624, 1199, 576],
    ]);
  });

  test("an exponential rise", () => {
    const values = run(600, (i) => (i < 300 ? 2 + 3 * Math.exp(-i / 100) : 2.15 * Math.exp((i - 300) / 60)));
    const first = incidents(values).find(([kind]) => kind === "divergence");
    expect(first![1]).toBeLessThan(360);
  });

  test("a rise in the second half of a short run, however it rises", () => {
    const normal = normals(15);
    const fall = (i: number): number => 2 + 3 * Math.exp(-i / 15) + 0.02 * normal();
    for (const rise of [
      (i: number) => i / 15,
      (i: number) => (i / 20) ** 2,
      (i: number) => Math.exp(i / 10),
    ]) {
      const values = run(100, (i) => (i < 50 ? fall(i) : fall(i) + rise(i - 50)));
      expect(incidents(values).map(([kind]) => kind)).toContain("divergence");
      expect(incidents(values).map(([kind]) => kind)).not.toContain("plateau");
    }
  });

  test("not a spike of 8 points, and over when the loss comes back", () => {
    const normal = normals(10);
    const loss = (i: number): number => 2 + 3 * Math.exp(-i / 200) + 0.02 * normal();
    expect(
      incidents(run(1000, (i) => loss(i) + (i >= 600 && i < 608 ? 5 : 0))).map(([kind]) => kind),
    ).toEqual(["spike"]);
    const back = incidents(run(1000, (i) => loss(i) + (i >= 600 && i < 700 ? 5 : 0)));
    expect(back.find(([kind]) => kind === "divergence")![2]).toBeLessThan(720);
  });
});

describe("plateau", () => {
  test("not while a perplexity falls that came from tens of thousands, nor of a loss that is 0", () => {
    const perplexity = run(4000, (i) => Math.exp(3.3 + 7.7 / Math.sqrt(1 + i / 10)));
    expect(incidents(perplexity)).toEqual([]);
    expect(incidents(run(2000, () => 0))).toEqual([]);
  });

  test("flat for more than half of the run, with and without noise", () => {
    for (const noise of [0, 0.02]) {
      const normal = normals(11);
      const values = run(1000, (i) => (i < 300 ? 4 - i / 100 : 1) + noise * normal());
      const [plateau] = incidents(values);
      expect(plateau![0]).toBe("plateau");
      expect(plateau![1]).toBeGreaterThanOrEqual(280);
      expect(plateau![2]).toBe(999);
    }
  });

  test("not a fall followed by a rise, nor a jump to a level that stays", () => {
    const normal = normals(16);
    const shapes = [
      (i: number) => (i < 150 ? 1 + 2 * Math.exp(-i / 80) : 1.3 + ((i - 150) / 40) ** 2),
      (i: number) => Math.abs(i - 300) / 100 + 1,
      (i: number) => (i < 200 ? 4 - i / 100 : 6),
      (i: number) => 2 + 3 * Math.exp(-i / 100) + 0.004 * Math.max(0, i - 300),
    ];
    for (const shape of shapes) {
      const values = run(600, (i) => shape(i) + 0.02 * normal());
      expect(incidents(values).map(([kind]) => kind)).not.toContain("plateau");
      expect(incidents(values).map(([kind]) => kind)).toContain("divergence");
    }
  });

  test("one flat stretch is one incident, whatever its noise and length", () => {
    for (let seed = 20; seed < 40; seed++) {
      const normal = normals(seed);
      const noise = 0.005 * 2 ** (seed % 5);
      const values = run(700 + 300 * (seed % 7), (i) => Math.max(1, 4 - i / 80) + noise * normal());
      const plateaus = incidents(values).filter(([kind]) => kind === "plateau");
      expect(plateaus, `seed ${seed}`).toHaveLength(1);
      expect(plateaus[0]![2]).toBe(values.length - 1);
    }
  });

  test("the same value again and again, from 50 points on", () => {
    expect(incidents(run(45, () => 2.5))).toEqual([]);
    expect(incidents(run(100, () => 2.5))).toMatchObject([["plateau", 0, 99, 100]]);
  });

  test("is over when the loss falls again, and begins anew", () => {
    const values = run(4000, (i) =>
      i < 300 ? 4 - i / 100 : i < 1200 ? 1 : i < 1500 ? 1 - (i - 1200) / 600 : 0.5,
    );
    const plateaus = incidents(values);
    expect(plateaus.map(([kind]) => kind)).toEqual(["plateau", "plateau"]);
    expect(plateaus[0]![2]).toBeLessThan(1700);
    expect(plateaus[1]![1]).toBeGreaterThan(1200);
  });
});

describe("stall", () => {
  /** Points every `interval` seconds, but `pause` before the one at step `at`. */
  function stalls(interval: number, pause: number, at: number): SeriesEvent[] {
    const detectors = new SeriesDetectors("loss", "loss");
    return run(100, (i) => 100_000 + i * interval + (i >= at ? pause : 0)).flatMap((time, step) =>
      detectors.add(step, 1 / (1 + step), time),
    );
  }

  test("by the log's own times: a pause of 20 intervals and of 600 s", () => {
    expect(stalls(1, 599, 50)).toEqual([]);
    expect(stalls(60, 1100, 50)).toEqual([]);
    expect(stalls(1, 700, 50)).toMatchObject([{ kind: "stall", step: 49, lastStep: 49, count: 1 }]);
    expect(stalls(60, 1300, 50)).toMatchObject([{ kind: "stall", step: 49 }]);
  });

  test("by the clock, told once, and not again when the point comes", () => {
    const detectors = new SeriesDetectors("loss", "loss");
    run(20, (step) => detectors.add(step, 1, 1000 + step).length);
    expect(detectors.idle(1500)).toBeNull();
    const event = detectors.idle(2000);
    expect(event).toMatchObject({
      kind: "stall",
      step: 19,
      message: "loss has no point for 981 s after step 19.",
    });
    expect(detectors.idle(2100)).toBeNull();
    expect(event!.message).toBe("loss has no point for 1081 s after step 19.");
    expect(detectors.add(20, 1, 2200)).toEqual([]);
    expect(detectors.idle(2201)).toBeNull();
    expect(detectors.idle(3000)).not.toBeNull();
  });
});

test("a new segment, or a step that goes back, starts afresh", () => {
  const restarted = (segmented: boolean): string[] => {
    const detectors = new SeriesDetectors("loss", "loss");
    return run(400, (i) => i).flatMap((i) => {
      const step = i < 200 ? i : i - 200;
      const loss = 2 + 3 * Math.exp(-step / 20);
      return detectors
        .add(segmented ? i : step, loss, undefined, segmented && i >= 200 ? 1 : 0)
        .map(({ kind }) => kind);
    });
  };
  expect(restarted(false)).toEqual([]);
  expect(restarted(true)).toEqual([]);
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normal } from "../../src/backtest/normal.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { lossflow } from "./lossflow.ts";

// Logs as a stranger would make them to try the command, judged by what it prints and returns.

let folder = "";
const random = seededRandom(21);
const noise = (sd: number): number => sd * normal(random);
const fall = (i: number, length: number): number => 1 + 3 * Math.exp((-4 * i) / length) + noise(0.02);

const SHAPES: Readonly<Record<string, (i: number) => number>> = {
  sound: (i) => fall(i, 400),
  constant: () => Math.LN10,
  "noisy-plateau": (i) => (i < 120 ? 4 - i / 48 : 1.5) + noise(0.15),
  "flat-from-the-start": () => 2.3 + noise(0.03),
  "first-nan": (i) => (i === 0 ? Number.NaN : fall(i, 400)),
  "all-nan": () => Number.NaN,
  "ends-in-inf": (i) => (i > 390 ? Infinity : fall(i, 400)),
  "spike-second": (i) => (i === 1 ? 60 : fall(i, 400)),
  "spike-near-start": (i) => (i === 6 ? 20 : fall(i, 400)),
  "spike-last": (i) => (i === 399 ? 20 : fall(i, 400)),
  "diverges-slowly": (i) => (i < 200 ? fall(i, 200) : 1.05 + (i - 200) / 100 + noise(0.02)),
  "diverges-fast": (i) => (i < 200 ? fall(i, 200) : 1.05 * Math.exp((i - 200) / 30)),
  "jumps-and-stays": (i) => (i < 300 ? fall(i, 300) : 9 + noise(0.1)),
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-shapes-"));
  for (const [name, loss] of Object.entries(SHAPES)) {
    const lines = Array.from({ length: 400 }, (_, step) => {
      const value = loss(step);
      return `{"step": ${step}, "loss": ${Number.isFinite(value) ? value.toFixed(6) : String(value)}, "lr": 0.001}\n`;
    });
    writeFileSync(join(folder, `${name}.jsonl`), lines.join(""));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ALL = ["--fail-on", "nan,spike,divergence,plateau,stall"];

describe.concurrent("check", () => {
  test.each<[shape: string, plain: number, all: number]>([
    ["sound", 0, 0],
    ["constant", 0, 23],
    ["noisy-plateau", 0, 23],
    ["flat-from-the-start", 0, 23],
    ["first-nan", 21, 21],
    ["all-nan", 21, 21],
    ["ends-in-inf", 21, 21],
    ["spike-second", 0, 10],
    ["spike-near-start", 0, 10],
    ["spike-last", 0, 10],
    ["diverges-slowly", 20, 20],
    ["diverges-fast", 20, 20],
    ["jumps-and-stays", 20, 20],
  ])(
    "%s: %i, with every alert %i",
    async (shape, plain, all) => {
      const file = join(folder, `${shape}.jsonl`);
      const [one, other] = await Promise.all([lossflow(["check", file]), lossflow(["check", file, ...ALL])]);
      expect([one.exitCode, other.exitCode], one.stdout + other.stdout).toEqual([plain, all]);
    },
    30_000,
  );

  test.each<[string, string[], number]>([
    ["a plateau and a spike", ["noisy-plateau", "spike-last", ...ALL], 23],
    ["a plateau, a spike and a limit", ["noisy-plateau", "spike-last", ...ALL, "--max-loss", "1.2"], 24],
    ["a limit and a divergence", ["sound", "diverges-fast", "--max-loss", "0.5"], 20],
    ["a divergence and NaN", ["diverges-fast", "first-nan"], 21],
    ["a spike and a file that is not there", ["spike-last", "nope", ...ALL], 30],
    ["a plateau and a file that is not there", ["constant", "nope", ...ALL], 23],
    ["a metric that is not there, and NaN", ["first-nan", "--metric", "accuracy"], 2],
  ])(
    "%s: the most serious",
    async (_, args, exitCode) => {
      const flag = args.findIndex((arg) => arg.startsWith("--"));
      const sources = args.slice(0, flag < 0 ? undefined : flag).map((name) => join(folder, `${name}.jsonl`));
      const outcome = await lossflow(["check", ...sources, ...(flag < 0 ? [] : args.slice(flag))]);
      expect(outcome.exitCode, outcome.stdout + outcome.stderr).toBe(exitCode);
      if (exitCode === 2) expect(outcome.stderr).toMatch(/it has loss, lr/);
    },
    30_000,
  );
});

test("summary and watch tell the same events, and a metric without a finite value has no figures", async () => {
  const file = join(folder, "spike-near-start.jsonl");
  const [summary, watch, nan] = await Promise.all([
    lossflow(["summary", file, "--json"]),
    lossflow(["watch", file, "--once", "--json"]),
    lossflow(["summary", join(folder, "all-nan.jsonl"), "--json"]),
  ]);
  const { runs } = JSON.parse(summary.stdout) as { runs: { events: { kind: string; step: number }[] }[] };
  const lines = watch.stdout.trimEnd().split("\n");
  const events = lines.flatMap(
    (line) => (JSON.parse(line) as { events: { kind: string; step: number }[] }).events,
  );
  expect(runs[0]!.events).toMatchObject([{ kind: "spike", step: 6, lastStep: 6, count: 1, metric: "loss" }]);
  expect(events).toEqual(runs[0]!.events);
  expect(JSON.parse(nan.stdout)).toMatchObject({
    runs: [
      { metrics: [{ name: "loss", count: 400, finite: 0, nan: 400, mean: null, min: null, last: null }, {}] },
    ],
  });
}, 30_000);

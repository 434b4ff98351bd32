import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { normal } from "../../src/backtest/normal.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { lossflow } from "./lossflow.ts";

let folder = "";

/** Runs that end about `shift` above those of shift 0; `pace` steps at a time. */
function writeRun(name: string, shift: number, seed: number, pace = 1, steps = 2_000): void {
  const random = seededRandom(seed);
  const lines = Array.from({ length: steps / pace }, (_, i) => {
    const step = (i + 1) * pace;
    const loss = 2 + 5 / Math.sqrt(1 + step / 20) + shift + 0.05 * normal(random);
    // The count of tokens stands behind the loss in its line.
    return `${JSON.stringify({ step, loss, total_tokens: step * 1_048_576 * (1 + shift), epoch: step / 500 })}\n`;
  });
  writeFileSync(join(folder, `${name}.jsonl`), lines.join(""));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-compare-"));
  for (let seed = 1; seed <= 3; seed++) {
    writeRun(`old-seed${seed}`, 0.004 * seed, seed);
    writeRun(`new-seed${seed}`, -0.05 + 0.004 * seed, 10 + seed, 2);
  }
  writeRun("short", 0, 7, 1, 100);
  writeFileSync(join(folder, "far.jsonl"), '{"step": 9000, "loss": 1}\n{"step": 9001, "loss": 1}\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compare = (...args: string[]): ReturnType<typeof lossflow> =>
  lossflow(["compare", ...args], "", folder);

test("says how far the second lies below the first, with an interval that holds the truth", async () => {
  const { stdout, exitCode } = await compare("old-seed1.jsonl", "new-seed1.jsonl");
  expect(exitCode).toBe(0);
  const sentence = /^new-seed1 is below old-seed1 by (\S+) \[(\S+), (\S+)\] at step 2,000\.$/m.exec(stdout);
  const [by, low, high] = sentence!.slice(1).map(Number) as [number, number, number];
  expect(low).toBeLessThan(0.05);
  expect(high).toBeGreaterThan(0.05);
  expect([low < by, by < high]).toEqual([true, true]);
}, 30_000);

test("at equal tokens, each count belonging to all of its line", async () => {
  const { stdout } = await compare("old-seed1.jsonl", "new-seed1.jsonl", "--by", "tokens", "--json");
  const { at, axis, from } = JSON.parse(stdout) as { at: number; axis: string; from: number };
  expect([axis, at]).toEqual(["tokens", 2_000 * 1_048_576 * 0.954]);
  expect(from).toBeLessThan(at);
  const text = (await compare("old-seed1.jsonl", "new-seed1.jsonl", "--by", "tokens")).stdout;
  expect(text).toContain(" at 2.001 B tokens.");
}, 30_000);

test("seeds are put together, with a bootstrap interval on a common grid, the same in every call", async () => {
  const [once, again] = await Promise.all([
    compare(".", "--seeds", "mean", "--json"),
    compare(".", "--seeds", "mean", "--json"),
  ]);
  // short and far have no steps in common.
  expect(once).toMatchObject({ exitCode: 30, stdout: "" });
  expect(again).toEqual(once);
  const runs = ["old-seed1", "old-seed2", "old-seed3", "new-seed1", "new-seed2", "new-seed3"].map(
    (name) => `${name}.jsonl`,
  );
  const [one, two] = await Promise.all([
    compare(...runs, "--seeds", "median", "--json"),
    compare(...runs, "--seeds", "median", "--json"),
  ]);
  expect(one).toEqual(two);
  const { groups, differences, curves } = JSON.parse(one.stdout) as {
    groups: { group: string; runs: unknown[]; interval: string }[];
    differences: { verdict: string; interval: string; difference: { low: number; high: number } }[];
    curves: { x: number[]; low: number[]; centre: number[]; high: number[] }[];
  };
  expect(groups).toMatchObject([
    { group: "old", interval: "bootstrap" },
    { group: "new", interval: "bootstrap" },
  ]);
  expect(groups.map(({ runs: members }) => members.length)).toEqual([3, 3]);
  expect(differences).toMatchObject([{ verdict: "below", interval: "bootstrap" }]);
  expect(differences[0]!.difference.low).toBeLessThan(-0.05);
  expect(differences[0]!.difference.high).toBeGreaterThan(-0.05);
  expect(curves[0]!.x).toEqual(curves[1]!.x);
  for (const { low, centre, high } of curves)
    for (const [k, middle] of centre.entries()) {
      expect(low[k]!).toBeLessThanOrEqual(middle);
      expect(high[k]!).toBeGreaterThanOrEqual(middle);
    }
}, 30_000);

test("a run that is four times another is hinted at", async () => {
  const lines = Array.from({ length: 200 }, (_, i) => 2 + 1 / (1 + i));
  for (const [name, factor] of [
    ["mean", 1],
    ["sum", 4],
  ] as const)
    writeFileSync(
      join(folder, `${name}.jsonl`),
      lines.map((loss, step) => `{"step": ${step}, "loss": ${factor * loss}}\n`).join(""),
    );
  const { stdout } = await compare("mean.jsonl", "sum.jsonl");
  expect(stdout).toContain(
    "hint: sum is 4 times mean: a sum over workers or accumulated batches in one of them?",
  );
}, 30_000);

test("equal runs cannot be told apart", async () => {
  const { stdout } = await compare("old-seed1.jsonl", "old-seed2.jsonl", "--at", "1500");
  expect(stdout).toMatch(/^old-seed2 cannot be told from old-seed1: (below|above) it by /m);
  expect(stdout).toContain("at step 1,500");
}, 30_000);

test("means and difference are over the points that both have, and what is not finite is told", async () => {
  const fall = Array.from({ length: 300 }, (_, i) => 3 - i / 100);
  const write = (name: string, values: readonly number[]): void =>
    writeFileSync(
      join(folder, `${name}.jsonl`),
      values.map((loss, step) => `{"step": ${step}, "epoch": ${step}, "loss": ${loss}}\n`).join(""),
    );
  write("fall", fall);
  write(
    "gap",
    fall.map((loss, i) => (i >= 270 && i < 299 ? Number.NaN : loss - 0.01)),
  );
  write(
    "dead",
    fall.map((loss, i) => (i < 20 ? loss : Number.NaN)),
  );
  write(
    "nan",
    fall.map(() => Number.NaN),
  );
  write(
    "fifths",
    fall.map((loss, i) => loss + (i % 5 === 0 ? 1 : 0)),
  );
  const [fifths, gap, json, dead, nan] = await Promise.all([
    compare("fall.jsonl", "fifths.jsonl"),
    compare("fall.jsonl", "gap.jsonl"),
    compare("fall.jsonl", "gap.jsonl", "--json"),
    compare("fall.jsonl", "dead.jsonl", "--by", "epoch"),
    compare("nan.jsonl", "fall.jsonl"),
  ]);
  // Steps 255 to 299: 9 of 45 are fifths.
  expect(fifths.stdout).toMatch(/^fifths is above fall by 0\.20 /m);
  expect(gap.stdout).toMatch(/^fall +300 +16 +0\.356875 .*\ngap +271 +16 +0\.346875 /m);
  expect(gap.stdout).toMatch(
    /^gap is below fall by 0\.0100 .*\ngap: 29 of 300 points are not finite, from step 270\.$/m,
  );
  expect(JSON.parse(json.stdout)).toMatchObject({
    groups: [
      { runs: [{ points: 300, over: 16, notFinite: 0, firstNotFinite: null }] },
      { runs: [{ points: 271, over: 16, notFinite: 29, firstNotFinite: 270 }] },
    ],
  });
  expect(dead.stdout).toContain("dead: 280 of 300 points are not finite, from epoch 20.\n");
  expect(nan).toMatchObject({ exitCode: 30, stdout: "" });
  expect(nan.stderr).toContain("nan has no finite value of loss in 300 points.");
}, 30_000);

test("a mean over no points is told to be read off the line between two", async () => {
  writeFileSync(join(folder, "dense.jsonl"), '{"step": 1, "loss": 2}\n{"step": 2, "loss": 1}\n');
  writeFileSync(join(folder, "sparse.jsonl"), '{"step": 0, "loss": 3}\n{"step": 200, "loss": 1}\n');
  const { stdout } = await compare("dense.jsonl", "sparse.jsonl");
  expect(stdout).toMatch(/^sparse +2 +0 +2\.98 /m);
  expect(stdout).toMatch(/^sparse has no point there: its figure is read off the line between/m);
  expect(stdout).not.toMatch(/^dense has no point/m);
});

test("few epochs are compared from their first on", async () => {
  for (const [name, shift] of [
    ["ten", 0],
    ["more", 0.1],
  ] as const)
    writeFileSync(
      join(folder, `${name}.jsonl`),
      Array.from({ length: 10 }, (_, i) => `{"epoch": ${i}, "loss": ${2 - i / 10 + shift}}\n`).join(""),
    );
  const { stdout } = await compare("ten.jsonl", "more.jsonl", "--by", "epoch");
  expect(stdout).toContain("loss at epoch 9, means from epoch 0 on\n");
}, 30_000);

test.each<[string, string[], number, RegExp]>([
  ["one run", ["short.jsonl"], 2, /needs two runs/],
  [
    "a metric that does not exist",
    ["short.jsonl", "old-seed1.jsonl", "--metric", "los"],
    2,
    /Did you mean loss/,
  ],
  ["an axis that does not exist", ["short.jsonl", "far.jsonl", "--by", "steps"], 2, /Did you mean step/],
  ["nothing in common", ["short.jsonl", "far.jsonl"], 30, /no step in common: short has step 1 to 100/],
  [
    "a place that one does not reach",
    ["short.jsonl", "old-seed1.jsonl", "--at", "500"],
    30,
    /Not all runs reach step 500/,
  ],
  ["a centre that does not exist", ["short.jsonl", "far.jsonl", "--seeds", "mode"], 2, /mean or median/],
])(
  "%s is one sentence",
  async (_, args, exitCode, sentence) => {
    const outcome = await compare(...args);
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).toMatch(/^lossflow: [^\n]+[.?]\n$/);
    expect(outcome).toMatchObject({ exitCode, stdout: "" });
  },
  30_000,
);

test("an axis that a log does not state, and a log that is not there", async () => {
  const time = await compare("short.jsonl", "old-seed1.jsonl", "--by", "time");
  expect(time.exitCode).toBe(30);
  expect(time.stderr).toContain("short does not say its time; compare by step with --by.");
  const missing = await compare("short.jsonl", "nope.jsonl");
  expect(missing).toMatchObject({ exitCode: 30, stdout: "" });
}, 30_000);

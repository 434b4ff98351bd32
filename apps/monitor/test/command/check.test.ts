import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lossflow, outcomeOf, startLossflow } from "./lossflow.ts";

let folder = "";
const file = (name: string): string => join(folder, name);
const record = (step: number, fields: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ step, ...fields }).replaceAll('"NaN"', "NaN")}\n`;
const series = (loss: (step: number) => unknown, steps = 400): string =>
  Array.from({ length: steps }, (_, step) =>
    record(step, { loss: loss(step), grad_norm: step === 7 ? "NaN" : 1 }),
  ).join("");
/** A loss that falls as losses do, with a ripple. */
const falling = (step: number): number => 1 + 2 * Math.exp(-step / 80) + 0.02 * Math.sin(step * 1.3);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-check-"));
  writeFileSync(file("fine.jsonl"), series(falling));
  writeFileSync(
    file("nan.jsonl"),
    series((step) => (step > 300 ? "NaN" : falling(step))),
  );
  writeFileSync(
    file("spike.jsonl"),
    series((step) => (step === 250 ? 9 : falling(step))),
  );
  writeFileSync(
    file("diverged.jsonl"),
    series((step) => (step < 150 ? falling(step) : 1.3 + ((step - 150) / 40) ** 2)),
  );
  const stalled = (step: number): string =>
    record(step, { loss: falling(step), time: 1.7e9 + step + (step > 200 ? 1e5 : 0) });
  writeFileSync(file("stalled.jsonl"), Array.from({ length: 400 }, (_, step) => stalled(step)).join(""));
  writeFileSync(file("no-loss.jsonl"), record(1, { accuracy: 0.5 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.concurrent.each<[string, string[], number]>([
  ["a falling loss is fine; a NaN elsewhere is not judged", ["fine.jsonl"], 0],
  ["a NaN fails", ["nan.jsonl"], 21],
  ["a NaN in another metric fails where it is asked for", ["fine.jsonl", "--metric", "grad_norm"], 21],
  ["a NaN is let pass where only others are asked for", ["nan.jsonl", "--fail-on", "stall"], 0],
  ["a spike is no failure unless asked for", ["spike.jsonl"], 0],
  ["a spike is a warning", ["spike.jsonl", "--fail-on", "nan,spike"], 10],
  ["a divergence fails", ["diverged.jsonl"], 20],
  ["a stall, by the log's own times", ["stalled.jsonl", "--fail-on", "stall"], 22],
  ["a limit that is crossed", ["fine.jsonl", "--max-loss", "0.5"], 24],
  ["a limit that holds", ["fine.jsonl", "--max-loss", "1.5"], 0],
  ["the most serious of several", ["fine.jsonl", "nan.jsonl", "diverged.jsonl", "--max-loss", "0.5"], 21],
  [
    "a failure outweighs missing data, which outweighs a warning",
    ["spike.jsonl", "missing.jsonl", "--fail-on", "spike"],
    30,
  ],
  ["a log without a loss", ["no-loss.jsonl"], 30],
  ["following until a step", ["fine.jsonl", "--until", "step:300"], 0],
  ["following until the loss is low", ["fine.jsonl", "--until", "loss<1.5"], 0],
  ["following a log without a loss", ["no-loss.jsonl", "--until", "1s"], 30],
  [
    "a failure outweighs a log without a loss, while following too",
    ["nan.jsonl", "no-loss.jsonl", "--until", "1s"],
    21,
  ],
  ["following a file that never comes", ["missing.jsonl", "--until", "1s"], 30],
  ["following by a metric that does not exist", ["fine.jsonl", "--until", "1s", "--metric", "los"], 2],
  ["following ends at once where the run fails", ["nan.jsonl", "--until", "1h"], 21],
])(
  "%s",
  async (_, args, exitCode) => {
    const outcome = await lossflow([
      "check",
      ...args.map((arg) => (arg.endsWith(".jsonl") ? file(arg) : arg)),
    ]);
    expect(outcome.exitCode, outcome.stdout + outcome.stderr).toBe(exitCode);
  },
  30_000,
);

test("following says once that the metric it waits for has not come, and which are near", async () => {
  const child = startLossflow(["check", file("fine.jsonl"), "--until", "los<1"]);
  const outcome = outcomeOf(child);
  // It is said at the first look that finds points: two looks later nothing more may have come.
  child.stderr.once("data", () => setTimeout(() => child.kill("SIGTERM"), 600));
  const { stderr, exitCode } = await outcome;
  expect(exitCode).toBe(143);
  expect(stderr.trim().split("\n")).toEqual([
    expect.stringMatching(/fine has had no metric los so far and is waited for; did you mean loss\?/),
  ]);
}, 30_000);

test("of several sources the one that never came is named", async () => {
  const { stdout, stderr } = await lossflow([
    "check",
    file("fine.jsonl"),
    file("never.jsonl"),
    "--until",
    "1s",
  ]);
  expect(stdout).toMatch(/^ok +fine /);
  expect(stderr).toContain(`lossflow: ${file("never.jsonl")}: a run that is waited for has not come`);
}, 30_000);

test("--json says what was judged and why", async () => {
  const { stdout } = await lossflow(["check", file("nan.jsonl"), "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    exitCode: 21,
    runs: [
      {
        run: "nan",
        metric: "loss",
        count: 400,
        finite: 301,
        exitCode: 21,
        alerts: [{ kind: "nan", step: 301, lastStep: 399, count: 99, metric: "loss", exitCode: 21 }],
        notFinite: [{ metric: "grad_norm", count: 1 }],
      },
    ],
  });
});

test("--on-alert gets each event as JSON on its standard input; its failure is told and changes nothing", async () => {
  const seen = file("seen.json");
  const outcome = await lossflow([
    "check",
    file("nan.jsonl"),
    "--json",
    "--on-alert",
    `cat >> '${seen}'; echo told; exit 3`,
  ]);
  expect(outcome.exitCode).toBe(21);
  expect(JSON.parse(readFileSync(seen, "utf8"))).toMatchObject({
    run: "nan",
    kind: "nan",
    step: 301,
    value: "NaN",
  });
  expect(outcome.stderr).toContain("told\n");
  expect(outcome.stderr).toContain("--on-alert failed: it ended with 3");
  expect(() => JSON.parse(outcome.stdout) as unknown).not.toThrow();
});

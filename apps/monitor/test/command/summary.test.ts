import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lossflow } from "./lossflow.ts";

let folder = "";
const file = (name: string): string => join(folder, name);
const jsonl = (records: readonly string[]): string => records.map((record) => `{${record}}\n`).join("");

interface Summary {
  readonly version: number;
  readonly runs: readonly Record<string, unknown>[];
}

async function summaryOf(...sources: string[]): Promise<Summary> {
  const { stdout, exitCode } = await lossflow(["summary", ...sources, "--json"]);
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Summary;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-summary-"));
  writeFileSync(
    file("first.jsonl"),
    jsonl([
      '"step": 10, "loss": 3, "lr": 0.1',
      '"step": 20, "loss": NaN, "lr": 0.1',
      '"step": 30, "loss": NaN, "lr": 0.1',
      '"step": 40, "loss": 1, "lr": "0.05"',
      '"step": 50, "loss": 1, "lr": null',
    ]),
  );
  mkdirSync(file("runs/a"), { recursive: true });
  mkdirSync(file("runs/b"), { recursive: true });
  writeFileSync(file("runs/a/metrics.csv"), "step,train_loss\n0,2\n1,1.5\n");
  writeFileSync(file("runs/b/metrics.csv"), "step,train_loss\n0,4\n1,3\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the JSON object has exactly the documented fields and figures", async () => {
  const { version, runs } = await summaryOf(file("first.jsonl"));
  expect(version).toBe(1);
  expect(runs).toEqual([
    {
      run: "first",
      source: file("first.jsonl"),
      format: "jsonl",
      lines: { total: 5, read: 5, ignored: 0 },
      segments: 1,
      metrics: [
        {
          name: "loss",
          count: 5,
          finite: 3,
          nan: 2,
          posInf: 0,
          negInf: 0,
          sum: 5,
          mean: 5 / 3,
          min: 1,
          minStep: 40,
          max: 3,
          maxStep: 10,
          first: 3,
          firstStep: 10,
          last: 1,
          lastStep: 50,
        },
        expect.objectContaining({ name: "lr", count: 4, finite: 4, last: 0.05, lastStep: 40 }),
      ],
      events: [
        {
          kind: "nan",
          step: 20,
          lastStep: 30,
          count: 2,
          metric: "loss",
          value: "NaN",
          message: expect.stringMatching(/NaN/),
        },
      ],
    },
  ]);
});

test("a folder holds the runs below it, under the names a person would give", async () => {
  const { runs } = await summaryOf(file("runs"));
  expect(runs.map(({ run, source }) => [run, source])).toEqual([
    ["a", file("runs")],
    ["b", file("runs")],
  ]);
});

test("standard input is a source", async () => {
  const { stdout, exitCode } = await lossflow(["summary", "-", "--json"], "step,loss\n1,2\n2,1\n");
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    runs: [{ source: "-", metrics: [{ name: "loss", mean: 1.5 }] }],
  });
});

test("the table says mean and denominator, and what is not finite, without colours", async () => {
  const { stdout, stderr, exitCode } = await lossflow(["summary", file("first.jsonl")]);
  expect(exitCode).toBe(0);
  expect(stderr).toBe("");
  expect(stdout).toContain("loss         5  1.66667     3     1       40    3       10     1       50");
  expect(stdout).toContain("! loss: 2 of 5 points not finite (2 NaN); its mean is over the finite 3.");
  expect(stdout).toMatch(/nan +steps 20–30 +loss becomes NaN/);
  expect(stdout).not.toContain("\u001b");
});

test("hostile names come through as data in JSON and visibly in the table", async () => {
  const log = `{"step":1,"\\u001b[31mloss\\u202e":1,"__proto__":2,"constructor":3}\n`;
  const json = await lossflow(["summary", "-", "--json"], log);
  const [run] = (JSON.parse(json.stdout) as Summary).runs;
  expect((run!["metrics"] as { name: string }[]).map(({ name }) => name)).toEqual([
    "\u001b[31mloss\u202e",
    "__proto__",
    "constructor",
  ]);
  const table = await lossflow(["summary", "-"], log);
  expect(table.stdout).toContain("␛[31mloss\\u{202e}");
  expect(table.stdout).not.toContain("\u001b");
  expect(table.stdout).not.toContain("\u202e");
});

test("a log that no reader knows is read by a line or a pattern given", async () => {
  const log = "it 1 | fehler 0.5\nit 2 | fehler 0.25\n";
  for (const pin of [
    ["--line", "it {step} | fehler {loss}"],
    ["--pattern", "(?<step>\\d+) . fehler (?<loss>\\S+)"],
  ]) {
    const { stdout, exitCode } = await lossflow(["summary", "-", "--json", ...pin], log);
    expect(exitCode).toBe(0);
    const { runs } = JSON.parse(stdout) as {
      runs: { format: string; metrics: { name: string; mean: number; lastStep: number }[] }[];
    };
    expect(runs[0]!.format).toBe("pinned");
    expect(runs[0]!.metrics).toMatchObject([{ name: "loss", mean: 0.375, lastStep: 2 }]);
  }
});

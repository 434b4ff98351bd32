import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lossflow, outcomeOf, startLossflow } from "./lossflow.ts";

interface Line {
  readonly version: number;
  readonly run: string;
  readonly metric: string;
  readonly step: number;
  readonly value: number | string;
  readonly count: number;
  readonly mean: number;
  readonly events: readonly { readonly kind: string }[];
}

let folder = "";
const file = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-watch-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const linesOf = (stdout: string): Line[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

/** Starts `watch --json` and gives a way to await a line. */
function watch(...sources: string[]) {
  const child = startLossflow(["watch", ...sources, "--json"]);
  const lines: Line[] = [];
  const waiting: { wanted: (line: Line) => boolean; resolve: (line: Line) => void }[] = [];
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    for (const { wanted, resolve } of waiting) if (wanted(line)) resolve(line);
  });
  return {
    child,
    lines,
    ended: outcomeOf(child),
    line: async (wanted: (line: Line) => boolean): Promise<Line> =>
      lines.find(wanted) ?? new Promise((resolve) => waiting.push({ wanted, resolve })),
  };
}

test("--once reads what is there and ends", async () => {
  writeFileSync(file("a.jsonl"), '{"step":1,"loss":2}\n{"step":2,"loss":NaN}\n');
  const { stdout, exitCode } = await lossflow(["watch", file("a.jsonl"), "--once", "--json"]);
  expect(exitCode).toBe(0);
  expect(linesOf(stdout)).toEqual([
    {
      version: 1,
      run: "a",
      metric: "loss",
      step: 2,
      value: "NaN",
      count: 2,
      finite: 1,
      sum: 2,
      mean: 2,
      events: [expect.objectContaining({ kind: "nan", step: 2, metric: "loss" })],
    },
  ]);
});

test("standard input is followed to its end, then 0", async () => {
  const { stdout, exitCode } = await lossflow(
    ["watch", "-", "--json"],
    '{"step":1,"loss":2}\n{"step":2,"loss":1}\n',
  );
  expect(exitCode).toBe(0);
  expect(linesOf(stdout).at(-1)).toMatchObject({ metric: "loss", step: 2, count: 2, mean: 1.5 });
});

test("a missing file is waited for, appended lines arrive, SIGINT ends with 130", async () => {
  const path = file("later.jsonl");
  const watched = watch(path);
  await new Promise((resolve) => watched.child.stderr.once("data", resolve));
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, '{"step":1,"loss":4}\n');
  expect(await watched.line((line) => line.count === 1)).toMatchObject({
    run: "later",
    metric: "loss",
    value: 4,
  });
  appendFileSync(path, '{"step":2,"loss":2}\n');
  expect(await watched.line((line) => line.count === 2)).toMatchObject({ step: 2, value: 2, mean: 3 });
  watched.child.kill("SIGINT");
  const { exitCode, stderr } = await watched.ended;
  expect(exitCode).toBe(130);
  expect(stderr).toBe(`lossflow: There is no ${path} yet; waiting for it.\n`);
}, 30_000);

test("after a rewrite in place the counts go on, and the event is told once", async () => {
  const path = file("rewritten.jsonl");
  writeFileSync(path, '{"step":1,"loss":4}\n{"step":2,"loss":3}\n{"step":3,"loss":2}\n');
  const watched = watch(path);
  await watched.line((line) => line.count === 3);
  writeFileSync(path, '{"step":1,"loss":9}\n');
  expect(await watched.line((line) => line.count === 4)).toMatchObject({ step: 1, value: 9 });
  watched.child.kill("SIGTERM");
  expect((await watched.ended).exitCode).toBe(143);
  expect(watched.lines.flatMap((line) => line.events.map(({ kind }) => kind))).toEqual(["rewrite"]);
}, 30_000);

test("a reader that leaves ends the watching quietly", async () => {
  const path = file("long.jsonl");
  writeFileSync(path, '{"step":1,"loss":4}\n');
  const watched = watch(path);
  await watched.line((line) => line.count === 1);
  watched.child.stdout.destroy();
  appendFileSync(path, '{"step":2,"loss":4}\n');
  const { exitCode, stderr } = await watched.ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
}, 30_000);

test("many lines at once are one line a metric, the last among them", async () => {
  const path = file("burst.jsonl");
  writeFileSync(path, "");
  const watched = watch(path);
  const records = Array.from({ length: 5_000 }, (_, i) => `{"step":${i},"loss":${1 + (i % 7) / 10}}\n`);
  appendFileSync(path, records.join(""));
  await watched.line((line) => line.count === 5_000);
  watched.child.kill("SIGINT");
  await watched.ended;
  expect(watched.lines.length).toBeLessThan(20);
  expect(watched.lines.at(-1)).toMatchObject({ step: 4_999, count: 5_000 });
}, 30_000);

test("without a terminal and without --json it prints a line a run and every event", async () => {
  const log = Array.from({ length: 5 }, (_, i) => `{"step":${i},"loss":${i === 3 ? "NaN" : 4 - i}}\n`).join(
    "",
  );
  const { stdout, stderr, exitCode } = await lossflow(["watch", "-"], log);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout).toMatch(/^stdin  nan +step 3 +loss becomes NaN at step 3\.$/m);
  expect(stdout).toMatch(/^stdin  loss 0 at step 4, mean 2\.25 over 4$/m);
});

test("a run that appears in a followed folder joins", async () => {
  writeFileSync(file("one.jsonl"), '{"step":1,"loss":4}\n');
  const watched = watch(folder);
  await watched.line((line) => line.run === "one");
  writeFileSync(file("two.jsonl"), '{"step":1,"loss":3}\n');
  expect(await watched.line((line) => line.run === "two")).toMatchObject({ value: 3 });
  watched.child.kill("SIGINT");
  expect((await watched.ended).exitCode).toBe(130);
}, 30_000);

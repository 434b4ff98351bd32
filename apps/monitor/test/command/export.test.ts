import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunningLoss } from "@lossflow/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lossflow, outcomeOf, startLossflow } from "./lossflow.ts";

const TRAIN = new URL("../fixtures/train.jsonl", import.meta.url).pathname;
const SCORES = new URL("../fixtures/scores.csv", import.meta.url).pathname;
const LOSS = ["--loss", "bce_logits", "--target", "label", "--prediction", "logit"];

let folder = "";
const file = (name: string): string => join(folder, name);
const rowsOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-export-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the points of a log, in every format the same", async () => {
  const { stdout, exitCode } = await lossflow(["export", TRAIN, "--to", "jsonl"]);
  expect(exitCode).toBe(0);
  const rows = rowsOf(stdout);
  expect(rows).toHaveLength(808);
  expect(rows[0]).toEqual({
    run: "fixtures",
    metric: "train/loss",
    step: 0,
    epoch: null,
    time: null,
    value: 4.2,
    segment: 0,
    rank: null,
  });
  expect(rows.filter(({ value }) => value === "NaN")).toHaveLength(3);
  // Arrow and Parquet are read back as tables: step against value, the NaN of grad_norm counted.
  for (const name of ["points.arrow", "points.parquet", "points.csv"]) {
    const written = await lossflow(["export", TRAIN, "-o", file(name), "--metric", "grad_norm"]);
    expect(written).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: `lossflow: Wrote 400 rows to ${file(name)}.\n`,
    });
    const read = await lossflow([
      "eval",
      file(name),
      "--loss",
      "mae",
      "--target",
      "step",
      "--prediction",
      "value",
      "--json",
    ]);
    const mae = rows
      .filter(({ metric, value }) => metric === "grad_norm" && value !== "NaN")
      .map(({ step, value }) => Math.abs((step as number) - (value as number)));
    expect(JSON.parse(read.stdout)).toMatchObject({
      rows: 400,
      results: [{ finite: 397, nan: 3, min: Math.min(...mae), max: Math.max(...mae) }],
    });
  }
}, 60_000);

test("the unreduced losses are those whose mean eval prints; what is missing has an empty cell", async () => {
  const { stdout, stderr } = await lossflow([
    "export",
    SCORES,
    ...LOSS,
    "--reduction",
    "none",
    "--to",
    "jsonl",
  ]);
  const rows = rowsOf(stdout);
  expect(rows).toHaveLength(40);
  expect(Object.keys(rows[0]!)).toEqual(["row", "source", "source_row", "bce_logits"]);
  const [result] = (
    JSON.parse((await lossflow(["eval", SCORES, ...LOSS, "--json"])).stdout) as {
      results: [{ mean: number }];
    }
  ).results;
  const state = RunningLoss.create();
  RunningLoss.addArray(
    state,
    rows.flatMap(({ bce_logits }) => (bce_logits === null ? [] : [bce_logits as number])),
  );
  expect(RunningLoss.value(state)).toMatchObject({ finite: 39, mean: result.mean });
  expect(stderr).toContain("1 loss is missing and 0 ignored");
}, 30_000);

test("elements of vectors have rows of their own, weights a column", async () => {
  writeFileSync(
    file("v.jsonl"),
    '{"t":[1,2],"p":[2,4],"w":1}\n{"t":[1,null],"p":[1,5],"w":0.5}\n{"t":[3,3],"p":[0,0],"w":0}\n',
  );
  const { stdout } = await lossflow(
    ["export", "v.jsonl", "--loss", "mse", "--target", "t", "--prediction", "p", "--weight", "w"],
    "",
    folder,
  );
  expect(stdout.split("\r\n")).toEqual([
    "row,source,source_row,element,weight,mse",
    "0,v.jsonl,0,0,1,1",
    "0,v.jsonl,0,1,1,4",
    "1,v.jsonl,1,0,0.5,0",
    "1,v.jsonl,1,1,,",
    "2,v.jsonl,2,0,,",
    "2,v.jsonl,2,1,,",
    "",
  ]);
}, 30_000);

test("running states say what summary and eval say, and their bytes merge to the whole", async () => {
  const logs = rowsOf((await lossflow(["export", TRAIN, "--state", "--to", "jsonl"])).stdout);
  expect(logs).toMatchObject([
    { of: "fixtures", name: "train/loss", count: 400, mean: 1.87787675, min: 1.2006, minRow: 376 },
    { of: "fixtures", name: "grad_norm", count: 400, finite: 397, nan: 3 },
    { of: "fixtures", name: "val/loss", count: 8 },
  ]);
  const [state] = rowsOf((await lossflow(["export", SCORES, ...LOSS, "--state", "--to", "jsonl"])).stdout);
  const twice = (await lossflow(["eval", SCORES, SCORES, ...LOSS, "--json"])).stdout;
  const merged = RunningLoss.fromBytes(Buffer.from(state!["state"] as string, "base64"));
  RunningLoss.merge(merged, RunningLoss.fromBytes(Buffer.from(state!["state"] as string, "base64")));
  const { sum, mean, missing } = RunningLoss.value(merged);
  expect(JSON.parse(twice)).toMatchObject({ results: [{ sum, mean, missing }] });
}, 30_000);

test.each<[string, string[], number, RegExp]>([
  ["a metric that does not exist", [TRAIN, "--metric", "los"], 2, /no metric los; there are train\/loss/],
  ["a file whose name says nothing", [TRAIN, "-o", "out.txt"], 2, /\.arrow, \.parquet, \.csv or \.jsonl/],
  ["a folder that is not there", [TRAIN, "-o", "no/out.csv"], 30, /cannot be written/],
  ["no log", ["nope.log", "-o", "out.csv"], 30, /nope\.log/],
  ["columns without a loss", [SCORES, "--target", "label"], 2, /go with --loss/],
  ["a loss without columns", [SCORES, "--loss", "mse"], 2, /export needs --target/],
  [
    "a column that does not exist",
    [SCORES, "--loss", "mse", "--target", "x", "--prediction", "logit", "-o", "out.csv"],
    2,
    /no column "x"/,
  ],
  [
    "a loss that depends on the whole",
    [SCORES, "--loss", "dice", "--target", "label", "--prediction", "logit"],
    2,
    /dice depends on the whole/,
  ],
  ["another reduction", [SCORES, ...LOSS, "--reduction", "mean"], 2, /--reduction takes none/],
])(
  "%s: one sentence, and no file",
  async (_, args, exitCode, sentence) => {
    const outcome = await lossflow(["export", ...args], "", folder);
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).toMatch(/^lossflow: [^\n]+[.?]\n$/);
    expect(outcome.exitCode).toBe(exitCode);
    expect(readdirSync(folder).filter((name) => name.includes("out"))).toEqual([]);
  },
  30_000,
);

test("of several logs the readable ones are written, then 30", async () => {
  const outcome = await lossflow(["export", TRAIN, "nope.log", "-o", file("some.csv")]);
  expect(outcome.exitCode).toBe(30);
  expect(readFileSync(file("some.csv"), "utf8").split("\r\n")).toHaveLength(810);
}, 30_000);

test("a file that was there stays as it was until the new one is whole, and after a signal", async () => {
  writeFileSync(file("old.csv"), "old");
  const child = startLossflow(["export", "-", "-o", file("old.csv")]);
  const outcome = outcomeOf(child);
  const points = '{"step": 1, "loss": 2}\n'.repeat(300_000);
  if (!child.stdin.write(points)) await once(child.stdin, "drain");
  child.stdin.on("error", () => undefined);
  child.kill("SIGTERM");
  expect(await outcome).toMatchObject({ exitCode: 143, stdout: "" });
  expect(readFileSync(file("old.csv"), "utf8")).toBe("old");
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(existsSync(file("old.csv"))).toBe(true);
}, 30_000);

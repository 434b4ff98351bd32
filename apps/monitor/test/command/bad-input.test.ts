import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lossflow } from "./lossflow.ts";

let folder = "";
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-bad-"));
  mkdirSync(file("no-run"));
  writeFileSync(file("no-run/README.md"), "# nothing here\n");
  writeFileSync(file("empty.log"), "");
  writeFileSync(
    file("binary.bin"),
    Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256),
  );
  writeFileSync(file("prose.txt"), "It was a dark night.\nNothing happened.\n");
  writeFileSync(file("good.jsonl"), '{"step": 1, "loss": 2.5}\n{"step": 2, "loss": 2.25}\n');
  writeFileSync(file("table.csv"), "target,prediction,label\n1,2,0\n3,4,1\n");
  writeFileSync(file("labels.csv"), "y,p0,p1\n0,0.5,0.5\n4,0.5,0.5\n");
  writeFileSync(file("text.csv"), "t,p\n1,2\n3,four\n");
  writeFileSync(file("short.csv"), "t,p\n1,2\n3\n");
  writeFileSync(file("cut.arrow"), "ARROW1\0\0");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EVAL = ["--target", "target", "--prediction", "prediction"];

test.concurrent.each<[string, () => string[], number, RegExp]>([
  ["a missing file", () => ["summary", file("nope.log")], 30, /nope\.log/],
  [
    "a job without a cluster",
    () => ["eval", file("table.csv"), "--loss", "mse", ...EVAL, "--job", "x"],
    2,
    /^lossflow: --job is for jobs on a cluster: give --nats ADDRESS too\.\n$/,
  ],
  [
    "a timeout that is over before it begins",
    () => ["eval", file("table.csv"), "--loss", "mse", ...EVAL, "--timeout", "-1"],
    2,
    /--timeout takes a number of at least 0, not "-1"/,
  ],
  [
    "time between checkpoints that is over before it begins",
    () => ["eval", file("table.csv"), "--loss", "mse", ...EVAL, "--checkpoint-every", "-1"],
    2,
    /--checkpoint-every takes a number of at least 0, not "-1"/,
  ],
  [
    "a folder for a checkpoint",
    () => ["eval", file("table.csv"), "--loss", "mse", ...EVAL, "--checkpoint", file("no-run")],
    2,
    /no-run is a folder; name a file in it\.\n$/,
  ],
  [
    "a flag twice, where the first would be without effect",
    () => ["eval", file("table.csv"), "--loss", "mse", ...EVAL, "--by", "label", "--by", "target"],
    2,
    /^lossflow: --by is given twice; give it once\.\n$/,
  ],
  [
    "variances that are not there, of a loss that reads none",
    () => ["eval", file("table.csv"), "--loss", "mse", ...EVAL, "--var", "sigma"],
    2,
    /no column "sigma"/,
  ],
  ["a folder without a run", () => ["summary", file("no-run")], 30, /No training log/],
  ["an empty file", () => ["summary", file("empty.log")], 30, /empty/],
  ["a binary file", () => ["summary", file("binary.bin")], 30, /binary/],
  ["empty standard input", () => ["check", "-"], 30, /Standard input is empty: pipe a log into it\.\n$/],
  ["a metric without a name", () => ["check", file("good.jsonl"), "--metric", ""], 2, /takes a name, not ""/],
  ["a file without a metric", () => ["summary", file("prose.txt")], 30, /No metric/],
  ["a pattern that matches nothing", () => ["summary", `${file("")}*.nope`], 30, /matches/],
  ["watch --once on a missing file", () => ["watch", "--once", file("nope.log")], 30, /nope\.log/],
  ["check on a missing file", () => ["check", file("nope.log")], 30, /nope\.log/],
  ["a metric that does not exist", () => ["check", file("good.jsonl"), "--metric", "los"], 2, /has loss/],
  [
    "a line that matches nothing",
    () => ["summary", file("prose.txt"), "--line", "it {loss}"],
    30,
    /matches none of the 2 lines of .*"It was a dark night\."/,
  ],
  ["a pattern that is none", () => ["summary", file("good.jsonl"), "--pattern", "("], 2, /cannot be used/],
  [
    "two ways to fix the format",
    () => ["watch", file("good.jsonl"), "--line", "a {b}", "--format", "csv"],
    2,
    /give one of them/,
  ],
  ["a table of predictions", () => ["summary", file("table.csv")], 30, /No metric/],
  ["an unknown format", () => ["summary", file("good.jsonl"), "--format", "jsonll"], 2, /jsonl/],
  ["an unknown command", () => ["sumary", file("good.jsonl")], 2, /Did you mean summary/],
  ["one run to compare", () => ["compare", file("good.jsonl")], 2, /^lossflow: compare needs two runs/],
  ["backtest without a source", () => ["backtest"], 2, /needs a source/],
  ["backtest of both", () => ["backtest", file("good.jsonl"), "--planted"], 2, /knows their labels/],
  [
    "labels that are not there",
    () => ["backtest", file("good.jsonl"), "--labels", file("nope")],
    2,
    /cannot be read/,
  ],
  [
    "labels that are none",
    () => ["backtest", file("good.jsonl"), "--labels", file("prose.txt")],
    30,
    /line 1: this is no JSON/,
  ],
  ["the help of an unknown command", () => ["help", "nope"], 2, /no command nope/],
  ["--help of an unknown command", () => ["nope", "--help"], 2, /no command nope/],
  ["an unknown flag", () => ["summary", file("good.jsonl"), "--jsn"], 2, /Did you mean --json\?/],
  [
    "a flag like no other",
    () => ["losses", "--bla"],
    2,
    /^lossflow: losses has no flag --bla; it has --json and --help\.\n$/,
  ],
  [
    "an eval of no loss",
    () => ["eval", file("table.csv")],
    2,
    /^lossflow: eval needs --loss ID.* --help explains it\.\n$/,
  ],
  [
    "too many names",
    () => ["losses", "mse", "mae"],
    2,
    /^lossflow: losses was given too many names; `lossflow losses --help` explains it\.\n$/,
  ],
  ["no source", () => ["summary"], 2, /needs a source/],
  [
    "a worker of no cluster",
    () => ["worker"],
    2,
    /^lossflow: worker needs --nats ADDRESS; `lossflow worker --help` explains it\.\n$/,
  ],
  [
    "an unknown alert",
    () => ["check", file("good.jsonl"), "--fail-on", "nan,spikes"],
    2,
    /Did you mean spike/,
  ],
  ["a wrong limit", () => ["check", file("good.jsonl"), "--max-loss", "high"], 2, /takes a number/],
  ["a wrong condition", () => ["check", file("good.jsonl"), "--until", "later"], 2, /--until takes/],
  ["an unknown loss", () => ["eval", file("table.csv"), "--loss", "hubr", ...EVAL], 2, /huber/],
  [
    "a matrix of no classes",
    () => ["eval", file("table.csv"), "--metric", "confusion", ...EVAL],
    2,
    /confusion:classes=10/,
  ],
  ["an unknown loss to explain", () => ["losses", "hubr"], 2, /huber/],
  ["an unknown parameter", () => ["eval", file("table.csv"), "--loss", "huber:delt=1", ...EVAL], 2, /delta/],
  [
    "a bad parameter value",
    () => ["eval", file("table.csv"), "--loss", "huber:delta=-1", ...EVAL],
    2,
    /delta/,
  ],
  [
    "--param with two losses",
    () => ["eval", file("table.csv"), "--loss", "mse", "--loss", "mae", "--param", "a=1", ...EVAL],
    2,
    /one loss/,
  ],
  [
    "a column that does not exist",
    () => ["eval", file("table.csv"), "--loss", "mse", "--target", "y", "--prediction", "prediction"],
    2,
    /target, prediction, label/,
  ],
  [
    "no target",
    () => ["eval", file("table.csv"), "--loss", "mse", "--prediction", "prediction"],
    2,
    /--target/,
  ],
  [
    "unreduced losses",
    () => ["eval", file("table.csv"), "--loss", "mse", "--reduction", "none", ...EVAL],
    2,
    /export/,
  ],
  ["reduce=false", () => ["eval", file("table.csv"), "--loss", "mse:reduce=false", ...EVAL], 2, /export/],
  [
    "the highest rows of a loss that has none",
    () => ["eval", file("table.csv"), "--loss", "dice", "--top", "2", ...EVAL],
    2,
    /dice depends on the whole/,
  ],
  [
    "a loss that needs a variance",
    () => ["eval", file("table.csv"), "--loss", "gaussian_nll", ...EVAL],
    2,
    /--var/,
  ],
  [
    "a label out of range",
    () => ["eval", file("labels.csv"), "--loss", "scce", "--target", "y", "--prediction", "p0,p1"],
    30,
    /row 1/,
  ],
  [
    "text in a number column",
    () => ["eval", file("text.csv"), "--loss", "mse", "--target", "t", "--prediction", "p"],
    30,
    /four/,
  ],
  [
    "a record that is too short",
    () => ["eval", file("short.csv"), "--loss", "mse", "--target", "t", "--prediction", "p"],
    30,
    /short\.csv, row 1 \(line 3\): it has 1 cell where the header has 2; mend that record\.\n$/,
  ],
  [
    "a column of one letter that is not there",
    () => ["eval", file("text.csv"), "--loss", "mse", "--target", "x", "--prediction", "p"],
    2,
    /text\.csv has no column "x"\. It has t, p\.\n$/,
  ],
  ["a truncated Arrow file", () => ["eval", file("cut.arrow"), "--loss", "mse", ...EVAL], 30, /cut\.arrow/],
  [
    "standard input twice",
    () => ["eval", "-", "-", "--loss", "mse", ...EVAL],
    2,
    /^lossflow: Standard input can be read once: give - once among the sources\.\n$/,
  ],
  ["a missing table", () => ["eval", file("nope.csv"), "--loss", "mse", ...EVAL], 30, /nope\.csv/],
])(
  "%s is one sentence and the documented exit code",
  async (_, args, exitCode, sentence) => {
    const outcome = await lossflow(args());
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).toMatch(/^lossflow: (?!lossflow )[^\n]+[.?]\n$/);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
    expect(outcome.stdout).toBe("");
    expect(outcome.exitCode).toBe(exitCode);
  },
  30_000,
);

test("nothing readable: --json prints nothing", async () => {
  for (const args of [
    ["summary", file("empty.log")],
    ["watch", "--once", file("nope.log")],
    ["check", file("prose.txt")],
  ]) {
    const outcome = await lossflow([...args, "--json"]);
    expect(outcome).toMatchObject({ exitCode: 30, stdout: "" });
  }
}, 30_000);

test("of several sources the readable ones are printed, then 30", async () => {
  const outcome = await lossflow([
    "summary",
    file("nope.log"),
    file("good.jsonl"),
    file("empty.log"),
    "--json",
  ]);
  expect(outcome.exitCode).toBe(30);
  expect(JSON.parse(outcome.stdout)).toMatchObject({ version: 1, runs: [{ run: "good" }] });
  expect(outcome.stderr.trim().split("\n")).toHaveLength(2);
}, 30_000);

test("help COMMAND prints what COMMAND --help prints, and is fine", async () => {
  const [help, flag, all] = await Promise.all([
    lossflow(["help", "eval"]),
    lossflow(["eval", "--help"]),
    lossflow(["help"]),
  ]);
  expect(help).toEqual(flag);
  expect(help).toMatchObject({ exitCode: 0, stderr: "", stdout: expect.stringMatching(/--prediction/) });
  expect(all).toMatchObject({ exitCode: 0, stderr: "", stdout: expect.stringMatching(/Exit codes/) });
}, 30_000);

test("explain says of an empty and of a binary file what summary says", async () => {
  const sources = [file("empty.log"), file("binary.bin")];
  const [explained, summed] = await Promise.all([
    lossflow(["explain", ...sources]),
    lossflow(["summary", ...sources]),
  ]);
  expect(explained.stderr).toBe(summed.stderr);
  expect(explained.stderr).toMatch(/empty\.log is empty: [^\n]+\n[^\n]+binary\.bin is binary /);
  expect(explained.exitCode).toBe(30);
}, 30_000);

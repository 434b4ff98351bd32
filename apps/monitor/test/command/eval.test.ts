import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lossflow } from "./lossflow.ts";

let folder = "";
const file = (name: string): string => join(folder, name);

interface EvalJson {
  readonly version: number;
  readonly rows?: number;
  readonly shape?: readonly number[];
  readonly results: readonly Record<string, unknown>[];
}

async function evalJson(...args: string[]): Promise<EvalJson> {
  const { stdout, stderr, exitCode } = await lossflow(["eval", ...args, "--json"]);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as EvalJson;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-eval-"));
  writeFileSync(file("a.csv"), "t,p,w,city\n1,2,1,B\n2,4,2,A\n,3,1,A\n5,5,0,B\n");
  writeFileSync(file("b.csv"), "t,p,w,city\n0,nan,1,\n1,11,1,A\n");
  writeFileSync(file("probabilities.csv"), "y,p0,p1,p2\n1,0.05,0.95,0\n2,0.1,0.8,0.1\n");
  writeFileSync(file("words.csv"), "y,p0,p1,p2\ndog,0.05,0.95,0\nfox,0.1,0.8,0.1\n");
  writeFileSync(file("header.csv"), "t,p\n");
  writeFileSync(file("vectors.jsonl"), '{"t":[1,2],"p":[1,4]}\n{"t":[0,null],"p":[3,1]}\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("results come in the order asked, an id may return, and every figure has its denominator", async () => {
  const report = await evalJson(
    file("a.csv"),
    file("b.csv"),
    "--target",
    "t",
    "--prediction",
    "p",
    "--weight",
    "w",
    "--loss",
    "huber:delta=1",
    "--loss",
    "mse",
    "--loss",
    "huber:delta=100",
  );
  expect(report).toMatchObject({ version: 1, rows: 6 });
  expect(report.results.map(({ loss, params }) => [loss, params])).toEqual([
    ["huber", { delta: 1 }],
    ["mse", {}],
    ["huber", { delta: 100 }],
  ]);
  expect(report.results[1]).toMatchObject({
    count: 4,
    finite: 3,
    nan: 1,
    posInf: 0,
    negInf: 0,
    missing: 1,
    ignored: 1,
    weightSum: 4,
    sum: 109,
    mean: 27.25,
    value: 27.25,
    min: 1,
    max: 100,
    reduction: "mean",
  });
});

test("groups are sorted with null last, windows and top count rows over all sources", async () => {
  const report = await evalJson(
    file("a.csv"),
    file("b.csv"),
    "--target",
    "t",
    "--prediction",
    "p",
    "--loss",
    "mae",
    "--by",
    "city",
    "--window",
    "rows:4",
    "--top",
    "2",
  );
  const [result] = report.results;
  expect((result!["groups"] as { key: unknown }[]).map(({ key }) => key)).toEqual([
    { city: "A" },
    { city: "B" },
    { city: null },
  ]);
  expect((result!["windows"] as { from: number; to: number }[]).map(({ from, to }) => [from, to])).toEqual([
    [0, 4],
    [4, 6],
  ]);
  expect(result!["top"]).toEqual([
    { row: 5, source: file("b.csv"), sourceRow: 1, loss: 10 },
    { row: 1, source: file("a.csv"), sourceRow: 1, loss: 2 },
  ]);
});

test("the worked example of sparse cross-entropy, labels as numbers and as words", async () => {
  const expected = { count: 2, mean: 1.176939193690798, min: 0.05129329438755058, max: 2.3025850929940455 };
  const columns = ["--target", "y", "--prediction", "p*"];
  expect((await evalJson(file("probabilities.csv"), "--loss", "scce", ...columns)).results).toMatchObject([
    expected,
  ]);
  const words = await evalJson(file("words.csv"), "--loss", "scce", ...columns, "--classes", "cat,dog,fox");
  expect(words.results).toMatchObject([expected]);
});

test("an elementwise loss over lists counts elements and says the shape", async () => {
  const report = await evalJson(file("vectors.jsonl"), "--loss", "mae", "--target", "t", "--prediction", "p");
  expect(report).toMatchObject({ rows: 4, shape: [2, 2], results: [{ count: 3, missing: 1, sum: 5 }] });
});

test("a table with a header and no rows has no mean", async () => {
  const report = await evalJson(file("header.csv"), "--loss", "mse", "--target", "t", "--prediction", "p");
  expect(report).toMatchObject({ rows: 0, results: [{ count: 0, mean: null, min: null }] });
});

test("the same bits for any number of workers, and from standard input", async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `${(i * 0.37) % 3},${(i * 0.11) % 5}`);
  const csv = `t,p\n${rows.join("\n")}\n`;
  writeFileSync(file("many.csv"), csv);
  const args = [
    "--loss",
    "log_cosh",
    "--loss",
    "mse",
    "--target",
    "t",
    "--prediction",
    "p",
    "--window",
    "rows:7777",
  ];
  const results = await Promise.all(
    ["0", "1", "3"].map((workers) => evalJson(file("many.csv"), ...args, "--workers", workers)),
  );
  const piped = await lossflow(["eval", "-", ...args, "--json"], csv);
  const plain = [...results, JSON.parse(piped.stdout) as EvalJson].map(({ results }) =>
    JSON.stringify(results),
  );
  expect(new Set(plain).size).toBe(1);
}, 30_000);

test("NaN with --nan throw is refused data", async () => {
  const outcome = await lossflow([
    "eval",
    file("b.csv"),
    "--loss",
    "mse",
    "--target",
    "t",
    "--prediction",
    "p",
    "--nan",
    "throw",
  ]);
  expect(outcome).toMatchObject({ exitCode: 30, stdout: "" });
  expect(outcome.stderr).toMatch(/row 0/);
});

test("the table says what was divided by what, and what is not finite", async () => {
  const { stdout } = await lossflow([
    "eval",
    file("b.csv"),
    "--loss",
    "mse",
    "--target",
    "t",
    "--prediction",
    "p",
  ]);
  expect(stdout).toMatch(/loss +reduction +value +over +finite +not finite +missing +ignored +min +max/);
  expect(stdout).toMatch(/mse +mean +100 +1 +1 +1 +0 +0 +100 +100/);
  expect(stdout).toContain("! mse: 2 losses, of which 1 NaN.");
});

test("losses with columns and names of their own, quantiles, and columns of the highest losses", async () => {
  const rows = [
    '{"id":9007199254740993,"y":1,"p":3,"y2":0,"q":0.5,"at":"2026-03-01T00:00:01Z"}',
    '{"id":7,"y":1,"p":1.5,"y2":4,"q":0,"at":"2026-03-01T00:00:12Z"}',
  ];
  writeFileSync(file("heads.jsonl"), `${rows.join("\n")}\n`);
  const { results } = await evalJson(
    file("heads.jsonl"),
    "--target",
    "y",
    "--prediction",
    "p",
    "--top",
    "1",
    "--show",
    "id,y",
    "--loss",
    "mae",
    "--loss",
    "mae:name=second head,target=y2,prediction=q",
    "--quantiles",
    "0,1",
    "--window",
    "time:at:10s",
  );
  expect(results).toMatchObject([
    { loss: "mae", params: {}, mean: 1.25, top: [{ row: 0, columns: { id: "9007199254740993", y: 1 } }] },
    { name: "second head", params: {}, target: "y2", prediction: "q", mean: 2.25, top: [{ row: 1 }] },
  ]);
  const [first] = results as [{ quantiles: { p: number; value: number }[]; windows: { from: number }[] }];
  // The ends are the minimum and the maximum themselves.
  expect(first.quantiles).toEqual([
    { p: 0, value: 0.5 },
    { p: 1, value: 2 },
  ]);
  expect(first.windows.map(({ from }) => new Date(from).toISOString())).toEqual([
    "2026-03-01T00:00:00.000Z",
    "2026-03-01T00:00:10.000Z",
  ]);
});

test("class weights that are not as many as the classes are a wrong command line", async () => {
  writeFileSync(file("rows.jsonl"), '{"y":0,"p":[0.25,0.75]}\n{"y":1,"p":[0.5,0.5]}\n');
  const args = [file("rows.jsonl"), "--target", "y", "--prediction", "p", "--json"];
  const { stdout, stderr, exitCode } = await lossflow([
    "eval",
    ...args,
    "--loss",
    "scce:class_weight=[1,2,3]",
  ]);
  expect([stdout, exitCode]).toEqual(["", 2]);
  expect(stderr).toContain("The number of class weights must be 2; got 3.");
});

test.each(["", "0.5,", "50%", "1.5"])("--quantiles %j is a wrong command line", async (shares) => {
  const args = [file("a.csv"), "--loss", "mse", "--target", "t", "--prediction", "p"];
  const { stdout, stderr, exitCode } = await lossflow(["eval", ...args, "--quantiles", shares]);
  expect([stdout, stderr, exitCode]).toEqual([
    "",
    `lossflow: --quantiles takes numbers from 0 to 1, such as 0.5,0.99, not "${shares}".\n`,
    2,
  ]);
});

test("columns to show without rows to show them with are a wrong command line", async () => {
  const args = [file("a.csv"), "--loss", "mse", "--target", "t", "--prediction", "p", "--show", "city"];
  const { stdout, stderr, exitCode } = await lossflow(["eval", ...args]);
  expect([stdout, stderr, exitCode]).toEqual([
    "",
    "lossflow: --show names columns of the highest losses: give --top K too.\n",
    2,
  ]);
});

test.each([
  ["top", "3"],
  ["quantiles", "0.5"],
])("--%s of metrics alone is a wrong command line", async (flag, value) => {
  const args = [file("a.csv"), "--metric", "rmse", "--target", "t", "--prediction", "p", `--${flag}`, value];
  const { stdout, stderr, exitCode } = await lossflow(["eval", ...args]);
  expect([stdout, stderr, exitCode]).toEqual([
    "",
    `lossflow: --${flag} is of losses, and metrics have none a row: give --loss ID too.\n`,
    2,
  ]);
});

test("metrics stand beside the losses, in JSON and in tables; an unknown one is named", async () => {
  const args = ["eval", file("probabilities.csv"), "--target", "y", "--prediction", "p*"];
  const metrics = ["--metric", "accuracy", "--metric", "confusion:classes=3,name=all", "--by", "y"];
  const { stdout } = await lossflow([...args, ...metrics, "--json"]);
  const report = JSON.parse(stdout) as { results: unknown[]; metrics: Record<string, unknown>[] };
  expect(report.results).toEqual([]);
  expect(report.metrics[0]).toMatchObject({ metric: "accuracy", value: 0.5, count: 2, counts: { hits: 1 } });
  expect(report.metrics[0]!["groups"]).toMatchObject([
    { key: { y: 1 }, value: 1 },
    { key: { y: 2 }, value: 0 },
  ]);
  const matrix = [
    [0, 0, 0],
    [0, 1, 0],
    [0, 1, 0],
  ];
  expect(report.metrics[1]).toMatchObject({ name: "all", value: 0.5, matrix });
  const table = await lossflow([...args, "--loss", "scce", ...metrics]);
  expect(table.stdout).toContain(
    "accuracy, by y\ny  value  over  counted  missing  ignored  of\n1      1     1",
  );
  const { exitCode, stderr } = await lossflow([...args, "--metric", "acuracy"]);
  expect([exitCode, stderr]).toEqual([2, 'lossflow: There is no metric "acuracy": did you mean accuracy?\n']);
});

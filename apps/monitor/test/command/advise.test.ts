import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { normal } from "../../src/backtest/normal.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import type { Advice } from "../../src/advise/advice.ts";
import { lossflow } from "./lossflow.ts";

let folder = "";
const random = seededRandom(5);

/** Writes a table of targets and predictions, `rows` of what `row` gives. */
function write(
  name: string,
  rows: number,
  row: (i: number) => readonly (number | string)[],
  head = "y,p",
): void {
  writeFileSync(
    join(folder, name),
    `${head}\n${Array.from({ length: rows }, (_, i) => row(i).join(",")).join("\n")}\n`,
  );
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-advise-"));
  write("gauss.csv", 2_000, (i) => [i % 50, (i % 50) + 0.3 * normal(random)]);
  write("outliers.csv", 2_000, (i) => [
    (i % 50) / 3,
    (i % 50) / 3 + 0.3 * normal(random) * (i % 100 === 0 ? 100 : 1),
  ]);
  // Nine exact predictions and one 999 off: MSE 99,800.1, MAE 99.9.
  write("source.csv", 10, (i) => [1, i === 9 ? 1000 : 1]);
  write("perfect.csv", 20, (i) => [i / 3, i / 3]);
  write("shifted.csv", 500, (i) => [(i % 50) / 3, (i % 50) / 3 + 10 + 0.01 * ((i * 7) % 41) - 0.2]);
  write("offset.csv", 50, (i) => [i / 4, i / 4 + 10]);
  write("coin.csv", 100, (i) => [i / 4, i / 4 + (i % 2 === 0 ? 1 : -1)]);
  write("counts.csv", 500, (i) => [i % 7, (i % 7) + 0.1 * normal(random) + 0.05]);
  write("decades.csv", 500, (i) => [10 ** ((i % 50) / 10) * 1.5, 10 ** ((i % 50) / 10) * 1.6]);
  write("even.csv", 1_000, (i) => [i % 2, 0.2 + 0.6 * (i % 2) + 0.1 * random()]);
  write("rare.csv", 2_000, (i) => [i % 50 === 0 ? 1 : 0, i % 50 === 0 ? 0.2 : 0.1 + 0.05 * random()]);
  write("easy.csv", 2_000, (i) => [i % 2, i % 20 === 0 ? 0.45 : i % 2 === 1 ? 0.93 : 0.07]);
  write("noisy.csv", 2_000, (i) => [i % 2, (i % 50 === 0) === (i % 2 === 1) ? 0.001 : 0.995]);
  write(
    "classes.csv",
    1_000,
    (i) => (i % 50 === 0 ? [2, 1, 0.5, -1] : [i % 2, i % 2 === 0 ? 2 : 0, i % 2 === 1 ? 2 : 0, -3]),
    "y,p0,p1,p2",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function advise(name: string, ...more: string[]): Promise<Advice> {
  const { stdout, stderr, exitCode } = await lossflow(
    ["advise", name, "--target", "y", "--prediction", "p", "--json", ...more],
    "",
    folder,
  );
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Advice;
}

const figure = ({ figures }: Advice, name: string): number => figures.find((one) => one.name === name)!.value;
const losses = ({ advice }: Advice): string[] => advice.map(({ loss }) => loss);

test("regression: by the share of outliers and what they are of MSE", async () => {
  const [gauss, outliers, source] = await Promise.all([
    advise("gauss.csv"),
    advise("outliers.csv"),
    advise("source.csv"),
  ]);
  expect(losses(gauss)[0]).toBe("mse");
  expect(figure(gauss, "error scale")).toBeCloseTo(0.3, 1);
  expect(figure(gauss, "rmse / mae")).toBeCloseTo(1.253, 1);
  expect(losses(outliers)).toEqual(["huber", "mae", "mse"]);
  expect(outliers.advice[0]!.params["delta"]).toBeCloseTo(0.4, 1);
  expect(figure(outliers, "squared error of the largest 1 %")).toBeGreaterThan(0.9);
  expect(figure(outliers, "gradient of the largest 1 %, mae")).toBeCloseTo(0.01, 10);
  expect(losses(source)[0]).toBe("mae");
  expect(figure(source, "mae")).toBe(99.9);
  expect(figure(source, "rmse") ** 2).toBeCloseTo(99_800.1, 6);
}, 30_000);

test("regression: the reasons are true of errors that are 0, that share a constant, or of one size", async () => {
  const [outliers, perfect, shifted, offset, coin] = await Promise.all([
    advise("outliers.csv"),
    advise("perfect.csv"),
    advise("shifted.csv"),
    advise("offset.csv"),
    advise("coin.csv"),
  ]);
  expect(outliers.advice[2]!.why).toMatch(/^few errors are large/);
  expect(losses(perfect)).toEqual(["mse"]);
  expect(perfect.advice[0]!.why).toMatch(/^all errors are 0/);
  expect(perfect.figures.filter(({ value }) => value !== 0)).toEqual([]);
  expect(figure(shifted, "outliers")).toBe(0);
  expect(losses(shifted)).toEqual(["mse"]);
  expect(shifted.advice[0]!.why).toMatch(/^the errors lie around 10, with a usual spread of 0\.1/);
  expect(offset.advice[0]!.why).toMatch(/^the errors lie around 10, with a usual spread of 0:/);
  expect(figure(coin, "outliers")).toBe(0);
  expect(coin.advice[0]!.why).toMatch(
    /^the errors are more alike in size than Gaussian ones \(rmse \/ mae 1,/,
  );
}, 30_000);

test("regression: counts and decades bring losses of their own", async () => {
  expect(losses(await advise("counts.csv"))).toContain("poisson_nll");
  expect(losses(await advise("decades.csv"))).toContain("msle");
}, 30_000);

test("binary classes: by how often a class occurs, how hard examples are, and certain errors", async () => {
  const [even, rare, easy, noisy] = await Promise.all([
    advise("even.csv"),
    advise("rare.csv"),
    advise("easy.csv"),
    advise("noisy.csv"),
  ]);
  expect(even).toMatchObject({ task: "binary", predictions: "probabilities", count: 1_000 });
  expect(losses(even)).toEqual(["bce"]);
  expect(losses(rare)[0]).toBe("balanced_bce");
  expect(figure(rare, "imbalance")).toBe(49);
  expect(losses(easy)[0]).toBe("focal");
  expect(figure(easy, "loss of the easy, focal 2")).toBeLessThan(figure(easy, "loss of the easy"));
  expect(noisy.advice.at(-1)).toMatchObject({ loss: "bce", params: { label_smoothing: 0.1 } });
  expect(losses(noisy)).not.toContain("focal");
}, 30_000);

test("several classes: logits told by their values, weights by how often each occurs", async () => {
  const advice = await advise("classes.csv", "--prediction", "p0,p1,p2");
  expect(advice).toMatchObject({ task: "multiclass", predictions: "logits", count: 1_000 });
  expect(advice.advice[0]).toMatchObject({
    loss: "scce_logits",
    params: { class_weight: [0.6944, 0.6667, 16.67] },
  });
  expect(figure(advice, "accuracy")).toBeCloseTo(0.98, 10);
}, 30_000);

test("labels in text are classes by their names", async () => {
  const names = ["cat", "dog", "owl"];
  const rows = Array.from({ length: 300 }, (_, i) =>
    JSON.stringify({ y: names[i % 3], p: names.map((_name, k) => (k === i % 3 ? 2 : 0) + normal(random)) }),
  );
  writeFileSync(join(folder, "names.jsonl"), `${rows.join("\n")}\n`);
  const { task, predictions, count } = await advise("names.jsonl", "--classes", names.join(","));
  expect([task, predictions, count]).toEqual(["multiclass", "logits", 300]);
  const scalar = await lossflow(
    ["advise", "even.csv", "--target", "y", "--prediction", "p", "--classes", "no,yes"],
    "",
    folder,
  );
  expect(scalar).toMatchObject({ exitCode: 30, stdout: "" });
  expect(scalar.stderr).toContain("reads a row of class predictions, and this is one number a row");
});

test("pairs that are not finite are counted apart", async () => {
  write("gaps.csv", 10, (i) => [i, i === 3 ? "nan" : i + 1]);
  expect(await advise("gaps.csv")).toMatchObject({ count: 10, notFinite: 1, missing: 0 });
  const { stdout } = await lossflow(["advise", "gaps.csv", "--target", "y", "--prediction", "p"], "", folder);
  expect(stdout).toMatch(/^regression: 10 pairs, 1 of them not finite\n/);
});

test("the text names what it cannot tell", async () => {
  const { stdout } = await lossflow(
    ["advise", "outliers.csv", "--target", "y", "--prediction", "p"],
    "",
    folder,
  );
  expect(stdout).toMatch(/^regression: 2,000 pairs\n\nadvised {2}huber:delta=0\.4/);
  expect(stdout).toContain("What this cannot tell:\n- Whether the outliers are wrong or rare and true");
}, 30_000);

test.each<[string, string[], number, RegExp]>([
  ["no target", ["gauss.csv", "--prediction", "p"], 2, /advise needs --target/],
  ["a column that does not exist", ["gauss.csv", "--target", "yy", "--prediction", "p"], 2, /no column "yy"/],
  ["standard input", ["-", "--target", "y", "--prediction", "p"], 2, /reads its sources twice/],
  [
    "binary targets that are none",
    ["gauss.csv", "--target", "y", "--prediction", "p", "--task", "binary"],
    30,
    /not in \[0, 1\]/,
  ],
  ["no file", ["nope.csv", "--target", "y", "--prediction", "p"], 30, /nope\.csv/],
])(
  "%s is one sentence",
  async (_, args, exitCode, sentence) => {
    const outcome = await lossflow(["advise", ...args], "", folder);
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).toMatch(/^lossflow: [^\n]+[.?]\n$/);
    expect(outcome).toMatchObject({ exitCode, stdout: "" });
  },
  30_000,
);

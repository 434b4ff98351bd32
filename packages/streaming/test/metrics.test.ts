import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import type { LossJobOptions } from "../src/job/options.ts";
import type { Snapshot } from "../src/job/snapshot.ts";
import { METRICS } from "../src/metrics/metrics.ts";
import { createPool } from "../src/pool/create-pool.ts";
import { runningLoss } from "../src/running-loss.ts";
import { pictureOf } from "./figures-of.ts";
import { inTasks } from "./in-tasks.ts";
import { batchesFromRows, ipcFromBatches, jsonlFromRows, seededRows } from "./rows.ts";
import { SEED } from "./seeded-random.ts";

const pool = createPool({ workers: 0, engine: "js" });
const two = createPool({ workers: 2, engine: "js" });
afterAll(async () => {
  await Promise.all([pool.close(), two.close()]);
});

type Given = Partial<LossJobOptions> & Pick<LossJobOptions, "metrics">;

function run(rows: readonly object[], given: Given): Promise<Snapshot> {
  const text = rows
    .map((row) => `${JSON.stringify(row)}\n`)
    .join("")
    .replaceAll('"NaN"', "NaN");
  const options = { losses: [], target: "t", prediction: "p", pool, ...given };
  return lastValueFrom(runningLoss(new TextEncoder().encode(text), options));
}

async function valuesOf(rows: readonly object[], given: Given): Promise<(number | null)[]> {
  return (await run(rows, given)).metrics!.map(({ value }) => value);
}

/** The example of scikit-learn's documentation: labels, and what was predicted for them. */
const LABELS = [0, 1, 2, 0, 1, 2];
const PREDICTED = [0, 2, 1, 0, 0, 1];
const scores = (c: number): number[] => [0, 1, 2].map((k) => (k === c ? 3 : k));
const ofClasses = LABELS.map((t, i) => ({ t, p: scores(PREDICTED[i]!), q: PREDICTED[i] }));

describe("metrics of classes", () => {
  test("are scikit-learn's figures", async () => {
    const ids = ["macro_precision", "macro_recall", "macro_f1"];
    const metrics = ids.map((metric) => ({ metric, params: { classes: 3 } }));
    const [precision, recall, f1] = await valuesOf(ofClasses, { metrics });
    expect(precision).toBeCloseTo(2 / 9, 15);
    expect(recall).toBeCloseTo(1 / 3, 15);
    expect(f1).toBeCloseTo(0.8 / 3, 15);
  });

  test("accuracy, top-k accuracy, accuracy of labels and the confusion matrix agree", async () => {
    const confusion = { metric: "confusion", params: { classes: 3 } };
    const metrics = [
      "accuracy",
      confusion,
      { metric: "label_accuracy", prediction: "q" },
      { metric: "top_k_accuracy", params: { k: 3 } },
      { metric: "top_k_accuracy", params: { k: 1 } },
    ];
    expect(await valuesOf(ofClasses, { metrics })).toEqual([1 / 3, 1 / 3, 1 / 3, 1, 1 / 3]);
    expect((await run(ofClasses, { metrics })).metrics![1]!.matrix).toEqual([
      [2, 0, 0],
      [1, 0, 1],
      [0, 2, 0],
    ]);
    const named = await run(ofClasses, { metrics: ["confusion"], classes: ["a", "b", "c"] });
    expect(named.metrics![0]!.params).toEqual({ classes: 3, ignore_index: null });
  });

  test("of equal scores the first is the highest; an ignored label is ignored, a NaN counted", async () => {
    const rows = [
      { t: 0, p: [1, 1, 0] },
      { t: 1, p: [1, 1, 0] },
      { t: 9, p: [1, 1, 0] },
      { t: 0, p: [1, "NaN", 0] },
      { t: null, p: [1, 1, 0] },
    ];
    const [accuracy] = (await run(rows, { metrics: [{ metric: "accuracy", params: { ignore_index: 9 } }] }))
      .metrics!;
    expect(accuracy).toMatchObject({
      value: 0.5,
      rows: 5,
      count: 3,
      finite: 2,
      nan: 1,
      ignored: 1,
      missing: 1,
    });
  });
});

describe("metrics of two classes", () => {
  const rows = [
    { t: 1, p: 0.9, w: 1 },
    { t: 0, p: 0.8, w: 2 },
    { t: 1, p: 0.5, w: 0.5 },
    { t: 0, p: 0.1, w: 1 },
    { t: 1, p: 0.7, w: 0 },
  ];

  test("are formed of weighted counts of hits and misses", async () => {
    const metrics = ["binary_accuracy", "precision", "recall", "specificity", "f1"];
    // tp 2, fp 1, fn 1, tn 1; with weights 1, 2, 0.5, 1.
    expect(await valuesOf(rows, { metrics })).toEqual([3 / 5, 2 / 3, 2 / 3, 1 / 2, 2 / 3]);
    expect(await valuesOf(rows, { metrics, weight: "w" })).toEqual([2 / 4.5, 1 / 3, 1 / 1.5, 1 / 3, 2 / 4.5]);
    const beta = { metric: "f_beta", params: { beta: 2, threshold: 0.85 } };
    const [f2] = (await run(rows, { metrics: [beta] })).metrics!;
    expect(f2).toMatchObject({ value: 5 / 13, counts: { tp: 1, fp: 0, fn: 2, tn: 2 } });
  });

  test("have no value where there is no denominator", async () => {
    const [precision, recall] = await valuesOf([{ t: 0, p: 0.1 }], { metrics: ["precision", "recall"] });
    expect([precision, recall]).toEqual([null, null]);
  });
});

test("the root of the mean square is that of the loss beside it", async () => {
  const { results, metrics } = await run(
    [
      { t: 1, p: 4 },
      { t: 0, p: 4 },
    ],
    { losses: ["mse"], metrics: ["rmse"] },
  );
  expect(metrics![0]!.value).toBe(Math.sqrt(results[0]!.mean!));
});

test("losses and metrics of one pass do not depend on tasks, workers or formats, with groups, windows, top and quantiles", async () => {
  const rows = seededRows(300, SEED);
  const classes = { target: "label", prediction: "scores" };
  const options = {
    losses: ["bce_logits"],
    metrics: [
      { metric: "f1", params: { threshold: 0 } },
      { metric: "accuracy", ...classes },
      { metric: "confusion", params: { classes: 3 }, ...classes, name: "matrix" },
      { metric: "rmse", target: "y", prediction: "p" },
    ],
    target: "hit",
    prediction: "logit",
    weight: "w",
    by: "group",
    window: { step: "fold", width: 2, slide: 1 },
    top: 3,
    quantiles: [0.5],
  };
  const whole = await pictureOf(
    lastValueFrom(runningLoss(batchesFromRows(rows, [300]), { ...options, pool })),
  );
  expect(whole).toContain("matrix");
  const forms = [
    batchesFromRows(rows, [17, 90]),
    ipcFromBatches(batchesFromRows(rows, [80], "plain"), "file"),
  ];
  for (const source of [...forms, jsonlFromRows(rows)])
    expect(await pictureOf(lastValueFrom(runningLoss(source, { ...options, pool: two })))).toBe(whole);
  expect(await pictureOf(inTasks(batchesFromRows(rows, [23, 70]), { ...options, pool }))).toBe(whole);
  const { metrics } = await lastValueFrom(runningLoss(batchesFromRows(rows, [50]), { ...options, pool }));
  for (const { rows: all, groups, ...total } of metrics!) {
    expect(total.count).toBe(Number(total.finite) + Number(total.nan) + Number(total.posInf));
    expect(all).toBe(300);
    for (const key of ["count", "missing", "ignored", "nan"] as const)
      expect(groups!.reduce((sum, group) => sum + Number(group[key]), 0)).toBe(total[key]);
  }
});

test("what cannot be is refused by name", async () => {
  const codeOf = (given: Given, rows: readonly object[] = ofClasses): Promise<unknown> =>
    run(rows, given).catch((error: unknown) => error);
  expect(await codeOf({ metrics: ["acuracy"] })).toMatchObject({
    code: "LF_UNKNOWN_METRIC",
    message: 'There is no metric "acuracy": did you mean accuracy?',
  });
  for (const spec of [
    { metric: "confusion" },
    { metric: "confusion", params: { classes: 65 } },
    { metric: "top_k_accuracy", params: { k: 0 } },
    { metric: "f_beta", params: { beta: 0 } },
    { metric: "f1", params: { treshold: 0 } },
  ])
    expect(await codeOf({ metrics: [spec] })).toMatchObject({ code: "LF_BAD_PARAMETER" });
  expect(await codeOf({ metrics: ["accuracy"] }, [{ t: 3, p: [1, 2, 3] }])).toMatchObject({
    code: "LF_LABEL_OUT_OF_RANGE",
    row: 0,
    column: "t",
  });
  expect(
    await codeOf({ metrics: ["f1"] }, [
      { t: 0, p: 1 },
      { t: 0.5, p: 1 },
    ]),
  ).toMatchObject({
    code: "LF_LABEL_OUT_OF_RANGE",
    row: 1,
    column: "t",
  });
  const four = { metrics: [{ metric: "macro_f1", params: { classes: 4 } }] };
  expect(await codeOf(four)).toMatchObject({ code: "LF_CLASS_COUNT_MISMATCH" });
});

test("each metric names itself and the parameters that it takes", () => {
  for (const info of METRICS) {
    const params = Object.fromEntries(info.parameters.map((one) => [one.name, one.default as number | null]));
    const metric = info.create("classes" in params ? { ...params, classes: 3 } : params);
    expect(metric.id).toBe(info.id);
    expect(Object.keys(metric.params).sort()).toEqual(info.parameters.map(({ name }) => name).sort());
  }
});

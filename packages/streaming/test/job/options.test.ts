import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { from, lastValueFrom } from "rxjs";
import { expect, test } from "vitest";
import { foldLoss } from "../../src/fold-loss.ts";
import { checkOptions, type LossJobOptions } from "../../src/job/options.ts";
import { windowPlanOf, type LossWindow } from "../../src/job/window-option.ts";
import { createPool, type PoolOptions } from "../../src/pool/create-pool.ts";
import { runningLoss as runningLossOfNode } from "../../src/node.ts";
import { runningLoss } from "../../src/running-loss.ts";
import { unreducedLosses } from "../../src/unreduced-losses.ts";

const good: LossJobOptions = {
  losses: ["mse"],
  target: "y",
  prediction: "p",
  classes: ["cat", "dog"],
  pool: createPool({ workers: 0 }),
};

test.each([
  ["losses are not an array", { losses: "mse" }, 'losses are not an array; give one, such as ["mse"].'],
  ["no losses", { losses: undefined }, 'losses are not an array; give one, such as ["mse"].'],
  ["no target", { target: undefined }, "target is not given; name its column."],
  ["no prediction", { prediction: undefined }, "prediction is not given; name its column."],
  [
    "a number for a column",
    { target: 3 },
    "target does not name columns; give a name, or an array of names.",
  ],
  ["no column", { prediction: [] }, "prediction does not name columns; give a name, or an array of names."],
  [
    "one text of classes",
    { classes: "cat" },
    "classes are not an array of names; give one, in the order of the labels.",
  ],
  [
    "a class named twice",
    { classes: ["cat", "dog", "cat"] },
    'classes name "cat" twice; give each class a name of its own.',
  ],
  ["a misspelt option", { weigth: "w" }, "there is no weigth; did you mean weight?"],
  [
    "columns to group by that are none",
    { by: 3 },
    "by does not name columns; give a name, or an array of names.",
  ],
  [
    "a loss that is none",
    { losses: [null] },
    'a loss is neither an id nor an object such as { loss: "huber", params: { delta: 2 } }.',
  ],
  ["metrics are not an array", { metrics: "rmse" }, 'metrics are not an array; give one, such as ["rmse"].'],
  [
    "a metric that is none",
    { metrics: [3] },
    'a metric is neither an id nor an object such as { metric: "f1", params: { threshold: 0.3 } }.',
  ],
  [
    "a column of a loss that is none",
    { losses: [{ loss: "mse", target: 3 }] },
    "target does not name columns; give a name, or an array of names.",
  ],
  [
    "a column of a metric that is none",
    { metrics: [{ metric: "rmse", prediction: [] }] },
    "prediction does not name columns; give a name, or an array of names.",
  ],
  [
    "a name of a loss that is no text",
    { losses: [{ loss: "mse", name: 3 }] },
    "name of a loss is no text; give one, or leave it out.",
  ],
  [
    "a weight of a loss that is no column",
    { losses: [{ loss: "mse", weight: 3 }] },
    "weight of a loss is no text; give one, or leave it out.",
  ],
  [
    "a name of a metric that is no text",
    { metrics: [{ metric: "rmse", name: 3 }] },
    "name of a metric is no text; give one, or leave it out.",
  ],
  [
    "a misspelt option of a metric",
    { metrics: [{ metric: "rmse", weigth: "w" }] },
    "of a metric there is no weigth; did you mean weight?",
  ],
  [
    "parameters that are none",
    { losses: [{ loss: "huber", params: 3 }] },
    "params are no object; give their values by name, such as { delta: 2 }.",
  ],
  [
    "quantiles are not an array",
    { quantiles: 0.5 },
    "quantiles are not an array; give one, such as [0.5, 0.99].",
  ],
  [
    "a quantile in text",
    { quantiles: [0.5, "0.9"] },
    "a quantile is no number; give numbers from 0 to 1, such as [0.5, 0.99].",
  ],
  [
    "no answer to a question",
    { quarantine: "no" },
    "quarantine is neither true nor false; give one of them.",
  ],
  ["a number for a switch", { lazyGroups: 1 }, "lazyGroups is neither true nor false; give one of them."],
  [
    "progress that is told nothing",
    { progress: () => {} },
    "progress has no function next; give a Subject, or { next(progress) {} }.",
  ],
  ["a signal that is none", { signal: {} }, "signal is none; give that of an AbortController."],
  [
    "a list for a loss",
    { losses: [["mse"]] },
    'a loss is neither an id nor an object such as { loss: "huber", params: { delta: 2 } }.',
  ],
  [
    "a metric without an id",
    { metrics: [{ params: {} }] },
    'a metric is neither an id nor an object such as { metric: "f1", params: { threshold: 0.3 } }.',
  ],
  [
    "a list of parameters",
    { losses: [{ loss: "huber", params: [2] }] },
    "params are no object; give their values by name, such as { delta: 2 }.",
  ],
])("%s is refused in one sentence", (_, wrong, why) => {
  const options = { ...good, ...wrong } as unknown as LossJobOptions;
  expect(() => checkOptions(options)).toThrow(
    expect.objectContaining({ code: "LF_BAD_OPTION", message: `An option is wrong: ${why}` }),
  );
});

test("names, arrays of names and classes are accepted", () => {
  expect(() => checkOptions(good)).not.toThrow();
  expect(() => checkOptions({ ...good, prediction: ["p0", "p1"] })).not.toThrow();
});

test.each([
  [{ rows: 2, step: "s", width: 1 }, "a window has rows and step; give one of them."],
  [{ step: "s", time: "t", width: 1 }, "a window has step and time; give one of them."],
  [{ rows: 2, slide: 1 }, "in a window by rows there is no slide; there are rows."],
  [
    { step: "s", width: 1, lateness: "1s" },
    "in a window by step there is no lateness; there are step, width, slide.",
  ],
  [
    { time: "t", width: "1s", latenes: "1s" },
    "in a window by time there is no latenes; did you mean lateness?",
  ],
  [{ rows: "2" }, 'a window has "2" rows; give a whole number above 0.'],
  [{ step: "s", width: "1" }, 'the width of a window by step is "1"; give a number above 0.'],
  [{ step: "s", width: true }, "the width of a window by step is true; give a number above 0."],
  [{ step: "s", width: 2, slide: "1" }, 'the slide of a window by step is "1"; give a number above 0.'],
  [
    { time: "t", width: ["1s"] },
    'width is ["1s"]; give milliseconds, or a text such as 500ms, 10s, 5m, 2h, 1d, of whole microseconds.',
  ],
])("the window %j is refused in one sentence", (window, why) => {
  expect(() => windowPlanOf(window as LossWindow, () => 0)).toThrow(
    expect.objectContaining({ code: "LF_BAD_OPTION", message: `An option is wrong: ${why}` }),
  );
});

const file = join(tmpdir(), "lossflow-options.checkpoint");
test.each([
  [{ every: "5" }, 'every is "5"; give milliseconds from 0 on.'],
  [{ every: true }, "every is true; give milliseconds from 0 on."],
  [{ every: 5n }, "every is 5n; give milliseconds from 0 on."],
  [{ every: Number.NaN }, "every is NaN; give milliseconds from 0 on."],
  [{ every: Symbol("often") }, "every is symbol; give milliseconds from 0 on."],
  [{ top: "3" }, 'top is "3"; give a whole number from 0 on.'],
  [{ nan: 5n }, "nan is 5n; there are count, skip, propagate, throw."],
  [{ window: 5n }, "a window is 5n; give { rows }, { step, width } or { time, width }."],
  [{ losses: [{ loss: "mse", variance: "v" }] }, "mse reads no variance; leave that of this loss out."],
  [{ checkpoint: 5 }, "checkpoint is 5; give { path }, the file that is to keep it."],
  [{ checkpoint: { path: file, evry: 1 } }, "of a checkpoint there is no evry; did you mean every?"],
  [{ checkpoint: { path: file, every: "5" } }, 'checkpoint.every is "5"; give milliseconds from 0 on.'],
  [{ checkpoint: { path: file, every: -1 } }, "checkpoint.every is -1; give milliseconds from 0 on."],
] as [object, string][])("options are refused before anything is read: $1", async (wrong, why) => {
  const options = { ...good, ...wrong } as unknown as LossJobOptions;
  await expect(lastValueFrom(runningLossOfNode([], options))).rejects.toMatchObject({
    code: "LF_BAD_OPTION",
    message: `An option is wrong: ${why}`,
  });
});

test("a column of variances is to be there even where no loss reads it", async () => {
  const table = tableFromArrays({ y: Float64Array.of(1), p: Float64Array.of(2) });
  const job = lastValueFrom(runningLoss(table, { ...good, classes: undefined, variance: "v" }));
  await expect(job).rejects.toMatchObject({ code: "LF_UNKNOWN_COLUMN" });
});

test.each<[string, unknown, string]>([
  ["what is kept", 5, "what is to be kept is 5; give { units: true }, or leave it out."],
  ["a misspelt name", { unit: true }, "of what is to be kept there is no unit; did you mean units?"],
  ["no switch", { units: "no" }, "units is neither true nor false; give one of them."],
])("of losses row by row, %s is refused in one sentence", async (_, keep, why) => {
  const losses = unreducedLosses([], good, keep as { units: true });
  await expect(losses.next()).rejects.toMatchObject({
    code: "LF_BAD_OPTION",
    message: `An option is wrong: ${why}`,
  });
});

const [batch] = tableFromArrays({ y: Float64Array.of(1), p: Float64Array.of(2) }).batches;
test("a checkpoint is refused where none is kept: it would be silently without effect", async () => {
  const options = { ...good, checkpoint: { path: file } };
  const refusal = {
    code: "LF_BAD_OPTION",
    message:
      "An option is wrong: checkpoint is kept by runningLoss of @lossflow/streaming/node alone; call that, or leave it out.",
  };
  await expect(lastValueFrom(runningLoss([batch!], options))).rejects.toMatchObject(refusal);
  await expect(lastValueFrom(from([batch!]).pipe(foldLoss(options)))).rejects.toMatchObject(refusal);
  await expect(unreducedLosses([batch!], options).next()).rejects.toMatchObject(refusal);
});

test("a window that leaves options undefined is accepted", () => {
  const window = { step: "s", width: 2, slide: undefined };
  expect(windowPlanOf(window, () => 3)).toEqual({ kind: "step", column: 3, width: 2, slide: 2 });
});

test("what is no job at all ends the stream with a code, before anything is read", async () => {
  const table = tableFromArrays({ y: Float64Array.of(1), p: Float64Array.of(2) });
  const refused = expect.objectContaining({ code: "LF_BAD_OPTION" });
  for (const options of [null, undefined, { ...good, window: null }, { ...good, window: 5 }])
    await expect(lastValueFrom(runningLoss(table, options as unknown as LossJobOptions))).rejects.toEqual(
      refused,
    );
  for (const source of [{}, null, 5, [null]])
    await expect(lastValueFrom(runningLoss(source as unknown as typeof table, good))).rejects.toEqual(
      refused,
    );
  for (const options of [
    undefined,
    { ...good, checkpoint: {} },
    { ...good, checkpoint: { path: "c", every: "x" } },
  ])
    await expect(
      lastValueFrom(runningLossOfNode(table, options as unknown as LossJobOptions)),
    ).rejects.toEqual(refused);
  for (const pool of [undefined, null, {}]) {
    const losses = unreducedLosses(table, { ...good, pool } as unknown as LossJobOptions);
    await expect(losses.next()).rejects.toEqual(refused);
  }
  expect(createPool(null).workers).toBeGreaterThanOrEqual(0);
});

test.each([
  [{ worker: 1 }, "of a pool there is no worker; did you mean workers?"],
  [3, "those of a pool are 3; give an object such as { workers: 2 }."],
  [5n, "those of a pool are 5n; give an object such as { workers: 2 }."],
  [{ started: 3 }, "started is not what startWorkers gave; call it, or leave it out."],
] as [unknown, string][])("a pool is refused in one sentence: $1", (options, why) => {
  expect(() => createPool(options as PoolOptions)).toThrow(
    expect.objectContaining({ code: "LF_BAD_OPTION", message: `An option is wrong: ${why}` }),
  );
});

test.each([
  [{ workers: "2" }, 'workers is "2"; give a whole number from 0 to 256.'],
  [{ engine: 5n }, 'engine is 5n; there are "auto", "js" and "wasm-simd".'],
  [{ deadline: "5" }, 'deadline is "5"; give milliseconds above 0.'],
  [{ deadline: 5n }, "deadline is 5n; give milliseconds above 0."],
  [{ deadline: 0 }, "deadline is 0; give milliseconds above 0."],
] as [object, string][])("an option of a pool is refused: $1", (options, message) => {
  expect(() => createPool(options as unknown as PoolOptions)).toThrow(
    expect.objectContaining({ code: "LF_BAD_OPTION", message }),
  );
});

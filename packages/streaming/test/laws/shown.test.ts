import { QuantileSketch } from "@lossflow/core/running";
import {
  DateDay,
  Dictionary,
  Float64,
  Int32,
  Int64,
  List,
  Field,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { lastValueFrom, Subject } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import { latestOnly } from "../../src/latest-only.ts";
import { createPool } from "../../src/pool/create-pool.ts";
import type { Progress, Snapshot } from "../../src/job/snapshot.ts";
import { runningLoss } from "../../src/running-loss.ts";
import { pictureOf } from "../figures-of.ts";
import { inTasks } from "../in-tasks.ts";
import { batchesFromRows, csvFromRows, ipcFromBatches, jsonlFromRows, seededRows } from "../rows.ts";
import { SEED } from "../seeded-random.ts";

const pool = createPool({ workers: 0, engine: "js" });
const two = createPool({ workers: 2, engine: "js" });
afterAll(async () => {
  await Promise.all([pool.close(), two.close()]);
});

const rows = seededRows(300, SEED);
const job = { losses: ["mae"], target: "y", prediction: "p" };
const lossOf = (i: number): number => Math.abs(rows[i]!.p! - rows[i]!.y!);
const evaluated = (only: (i: number) => boolean = () => true): number[] =>
  rows.flatMap(({ y, p }, i) =>
    y === null || p === null || Number.isNaN(p - y) || !only(i) ? [] : [lossOf(i)],
  );

describe("quantiles", () => {
  const shares = [0, 0.5, 0.9, 1];

  function expected(losses: readonly number[]): { p: number; value: number | null }[] {
    const sketch = new QuantileSketch();
    sketch.addArray(losses);
    const [min, max] = [Math.min(...losses), Math.max(...losses)];
    return shares.map((p) => ({ p, value: losses.length === 0 ? null : sketch.quantile(p, min, max) }));
  }

  test("are those of the sketch of the losses: of all rows, of each group and each window, sliding ones too", async () => {
    const options = { ...job, quantiles: shares, by: "group", pool };
    const { results } = await inTasks(batchesFromRows(rows, [37]), { ...options, window: { rows: 50 } });
    expect(results[0]!.quantiles).toEqual(expected(evaluated()));
    for (const { key, quantiles } of results[0]!.groups!) {
      expect(quantiles).toEqual(expected(evaluated((i) => rows[i]!.group === key["group"])));
    }
    for (const { from, to, quantiles } of results[0]!.windows!) {
      expect(quantiles).toEqual(expected(evaluated((i) => i >= from && i < to)));
    }
    const sliding = await inTasks(batchesFromRows(rows, [37]), {
      ...options,
      window: { step: "fold", width: 2, slide: 1 },
    });
    for (const { from, to, quantiles } of sliding.results[0]!.windows!) {
      const isIn = (fold: number | null): boolean => fold !== null && fold >= from && fold < to;
      expect(quantiles).toEqual(expected(evaluated((i) => isIn(rows[i]!.fold))));
    }
  });

  test("are refused outside of [0, 1], and of a loss that depends on the whole", async () => {
    const wrong = (options: object): Promise<Snapshot> =>
      lastValueFrom(runningLoss(batchesFromRows(rows, [50]), { ...job, ...options, pool }));
    await expect(wrong({ quantiles: [1.5] })).rejects.toMatchObject({ code: "LF_BAD_OPTION" });
    await expect(wrong({ losses: ["dice"], quantiles: [0.5] })).rejects.toMatchObject({
      code: "LF_NOT_DECOMPOSABLE",
    });
  });
});

describe("columns of the highest losses", () => {
  test("are those of their rows", async () => {
    const { results } = await inTasks(batchesFromRows(rows, [41]), {
      ...job,
      top: 12,
      show: ["group", "fold", "scores"],
      pool,
    });
    expect(results[0]!.top).toHaveLength(12);
    for (const { row, loss, columns } of results[0]!.top!) {
      const { group, fold, scores } = rows[row]!;
      expect(columns).toEqual({ group, fold, scores });
      expect(loss).toBe(lossOf(row));
    }
  });

  test("integers past 2^53 are text, times ISO 8601, dictionaries what they stand for", async () => {
    const table = new Table({
      y: vectorFromArray([1, 2], new Float64()),
      p: vectorFromArray([1, 5], new Float64()),
      id: vectorFromArray([1n, 9007199254740993n], new Int64()),
      day: vectorFromArray([null, new Date("2026-03-01")], new DateDay()),
      at: vectorFromArray([null, new Date("2026-03-01T10:00:00.5Z")], new TimestampMillisecond()),
      word: vectorFromArray(["a", "b"], new Dictionary(new Utf8(), new Int32())),
      list: vectorFromArray([[1], [2.5, Number.NaN]], new List(new Field("item", new Float64(), true))),
    });
    const show = ["id", "day", "at", "word", "list"];
    const { results } = await lastValueFrom(runningLoss(table, { ...job, top: 1, show, pool }));
    expect(results[0]!.top![0]!.columns).toEqual({
      id: "9007199254740993",
      day: "2026-03-01",
      at: "2026-03-01T10:00:00.500Z",
      word: "b",
      list: [2.5, "NaN"],
    });
  });
});

describe("losses with columns of their own", () => {
  const losses = [
    "mae",
    { loss: "mae", name: "logit", prediction: "logit", weight: "w" },
    { loss: "bce_logits", target: "hit", prediction: "logit" },
    { loss: "mse", target: "goals", prediction: "scores" },
  ];

  test("have the figures that a job of that loss alone gives, and say what they read", async () => {
    const source = batchesFromRows(rows, [60]);
    const options = { ...job, losses, by: "group", pool };
    const { results } = await lastValueFrom(runningLoss(source, options));
    for (const [i, given] of losses.entries()) {
      const { loss, name, ...own } = typeof given === "string" ? { loss: given, name: undefined } : given;
      const alone = await lastValueFrom(runningLoss(source, { ...options, losses: [loss], ...own }));
      const { rows: _rows, shape: _shape, ...result } = results[i]!;
      expect(result).toEqual({ ...alone.results[0]!, ...own, ...(name === undefined ? {} : { name }) });
    }
  });
});

test("quantiles, shown columns and own columns do not depend on tasks, workers or formats", async () => {
  const options = {
    ...job,
    losses: ["mae", { loss: "bce_logits", target: "hit", prediction: "logit", weight: "w" }],
    quantiles: [0.1, 0.5],
    by: ["group", "fold"],
    window: { step: "fold", width: 2, slide: 1 },
    top: 7,
    show: "group,fold",
  } as const;
  const whole = await pictureOf(
    lastValueFrom(runningLoss(batchesFromRows(rows, [300]), { ...options, pool })),
  );
  expect(whole).toContain("quantiles");
  const forms = [
    batchesFromRows(rows, [17, 90]),
    ipcFromBatches(batchesFromRows(rows, [80], "plain"), "file"),
  ];
  for (const source of [...forms, jsonlFromRows(rows), csvFromRows(rows)]) {
    expect(await pictureOf(lastValueFrom(runningLoss(source, { ...options, pool: two })))).toBe(whole);
  }
  expect(await pictureOf(inTasks(batchesFromRows(rows, [23, 70]), { ...options, pool }))).toBe(whole);
});

test("progress is told to a Subject, the last time of all rows; without snapshots where none are wanted", async () => {
  const progress = new Subject<Progress>();
  const told: Progress[] = [];
  progress.subscribe((one) => told.push(one));
  const snapshots: Snapshot[] = [];
  const source = ipcFromBatches(batchesFromRows(rows, [50], "plain"), "file");
  await new Promise<void>((resolve, reject) => {
    runningLoss(source, { ...job, pool, every: Infinity, progress }).subscribe({
      next: (one) => snapshots.push(one),
      error: reject,
      complete: resolve,
    });
  });
  expect(snapshots.map(({ done }) => done)).toEqual([true]);
  expect(told.at(-1)).toMatchObject({
    rows: 300,
    bytes: source.length,
    totalBytes: source.length,
    remainingMs: 0,
  });
});

test("lazy groups are those of the array, in the last snapshot alone", async () => {
  const options = { ...job, losses: ["mae", "mse"], by: ["group", "fold"], quantiles: [0.5], pool };
  const batches = batchesFromRows(rows, [50]);
  const { results } = await lastValueFrom(runningLoss(batches, options));
  const snapshots: Snapshot[] = [];
  const every = { ...options, every: 0, lazyGroups: true };
  await runningLoss(batches, every).forEach((one) => snapshots.push(one));
  const [first, last] = [snapshots[0]!, snapshots.at(-1)!];
  expect([first.done, first.results[0]!.groups === undefined]).toEqual([false, false]);
  for (const [i, { groups, lazyGroups }] of last.results.entries()) {
    expect(groups).toBeUndefined();
    expect(lazyGroups).toHaveLength(results[i]!.groups!.length);
    for (let time = 0; time < 2; time++) expect([...lazyGroups!]).toEqual(results[i]!.groups);
  }
});

describe("a slow reader", () => {
  test("gets the latest only, and the last of all", async () => {
    const values = new Subject<number>();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of latestOnly(values)) {
        seen.push(value);
        // What comes while this waits is more than one value.
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await Promise.resolve();
    for (const some of [[1, 2, 3], [4, 5], [6]]) {
      for (const one of some) values.next(one);
      await new Promise((resolve) => setImmediate(resolve));
    }
    values.next(7);
    values.next(8);
    values.complete();
    await reading;
    expect(seen.at(-1)).toBe(8);
    expect(seen).not.toContain(2);
    expect(seen).not.toContain(7);
  });

  test("that leaves unsubscribes; a failure comes after the value before it", async () => {
    const values = new Subject<number>();
    const iterator = latestOnly(values);
    const first = iterator.next();
    values.next(1);
    expect(await first).toEqual({ done: false, value: 1 });
    expect(values.observed).toBe(true);
    await iterator.return();
    expect(values.observed).toBe(false);

    const failing = latestOnly(values);
    const second = failing.next();
    values.next(2);
    values.error(new Error("torn"));
    expect(await second).toEqual({ done: false, value: 2 });
    await expect(failing.next()).rejects.toThrow("torn");
  });

  test.each([3, null, undefined, {}])("that reads %j is refused", async (values) => {
    await expect(latestOnly(values as Subject<number>).next()).rejects.toMatchObject({
      code: "LF_BAD_OPTION",
      message:
        "An option is wrong: what latestOnly is to read is no Observable; give what runningLoss or foldLoss made.",
    });
  });
});

test("a column of any name is in the keys of groups and among what is shown", async () => {
  const values = vectorFromArray([1, 2], new Float64());
  const columns = Object.fromEntries(["y", "p", "__proto__", "constructor"].map((name) => [name, values]));
  const by = ["__proto__", "constructor"];
  const { results } = await lastValueFrom(
    runningLoss(new Table(columns), { ...job, pool, by, top: 1, show: by }),
  );
  expect(JSON.stringify(results[0]!.groups!.map(({ key }) => key))).toBe(
    '[{"__proto__":1,"constructor":1},{"__proto__":2,"constructor":2}]',
  );
  expect(JSON.stringify(results[0]!.top![0]!.columns)).toBe('{"__proto__":1,"constructor":1}');
});

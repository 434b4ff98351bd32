import { RunningLoss, type RunningLossState } from "@lossflow/core";
import {
  Field,
  Float64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  vectorFromArray,
  type Data,
  type DataType,
} from "apache-arrow";
import * as fc from "fast-check";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import type { LossWindow } from "../../src/job/window-option.ts";
import { createPool } from "../../src/pool/create-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";
import { figuresOf, pictureOf } from "../figures-of.ts";
import { inTasks } from "../in-tasks.ts";
import { ipcFromBatches } from "../rows.ts";
import { SEED } from "../seeded-random.ts";

interface Row {
  readonly y: number | null;
  readonly p: number;
  readonly step: number | null;
  /** Milliseconds since 1970. */
  readonly at: number | null;
}

const START = Date.UTC(2026, 2, 1);
const row: fc.Arbitrary<Row> = fc.record({
  y: fc.option(fc.double({ min: -8, max: 8, noNaN: true }), { freq: 9 }),
  p: fc.double({ min: -8, max: 8, noNaN: true }),
  step: fc.option(
    fc.integer({ min: -8, max: 60 }).map((k) => k / 4),
    { freq: 9 },
  ),
  at: fc.option(fc.integer({ min: 0, max: 9000 }), { freq: 9 }),
});
/** Times that mostly rise, some far behind. */
const rows = fc
  .array(row, { maxLength: 60 })
  .map((list) =>
    list.map((one, i) => Object.assign(one, { at: one.at === null ? null : START + 700 * i - one.at })),
  );

const TIME_TYPES: readonly [DataType, bigint][] = [
  [new TimestampMillisecond(), 1n],
  [new TimestampMicrosecond(), 1000n],
  [new TimestampNanosecond(), 1_000_000n],
];

function batchesOf(list: readonly Row[], sizes: readonly number[], unit: number): RecordBatch[] {
  const [type, factor] = TIME_TYPES[unit]!;
  const schema = new Schema([
    ...["y", "p", "step"].map((name) => new Field(name, new Float64(), true)),
    new Field("at", type, true),
  ]);
  const batches: RecordBatch[] = [];
  for (let from = 0, i = 0; from < list.length; i++) {
    const some = list.slice(from, from + sizes[i % sizes.length]!);
    const numbers = (["y", "p", "step"] as const).map(
      (name) =>
        vectorFromArray(
          some.map((one) => one[name]),
          new Float64(),
        ).data[0]!,
    );
    const valid = new Uint8Array((some.length + 7) >> 3);
    some.forEach(({ at }, k) => (valid[k >> 3]! |= (at === null ? 0 : 1) << (k & 7)));
    const times = makeData({
      type,
      length: some.length,
      nullCount: some.filter(({ at }) => at === null).length,
      nullBitmap: valid,
      data: BigInt64Array.from(some, ({ at }) => BigInt(at ?? 0) * factor),
    } as never) as Data;
    const children = [...numbers, times];
    const struct = makeData({
      type: new Struct(schema.fields),
      length: some.length,
      nullCount: 0,
      children,
    } as never);
    batches.push(new RecordBatch(schema, struct as never));
    from += some.length;
  }
  return batches;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function csvOf(list: readonly Row[]): Uint8Array {
  const lines = list.map(({ y, p, step, at }) =>
    [y, p, step, at === null ? null : new Date(at).toISOString()].map((one) => one ?? "").join(),
  );
  return bytes(`y,p,step,at\n${lines.map((line) => `${line}\n`).join("")}`);
}

/** Times by turns as text with a zone, and as seconds. */
function jsonlOf(list: readonly Row[]): Uint8Array {
  const lines = list.map(({ at, ...one }, i) =>
    JSON.stringify({
      ...one,
      at: at === null ? null : i % 2 === 0 ? at / 1000 : new Date(at).toISOString().replace("Z", "+00:00"),
    }),
  );
  return bytes(lines.map((line) => `${line}\n`).join(""));
}

interface Due {
  readonly windows: Map<number, RunningLossState>;
  readonly late: number;
  readonly missing: number;
}

/** One row after the other, by the rules as they are written down. */
function oneByOne(
  list: readonly Row[],
  column: "step" | "at",
  width: number,
  slide: number,
  lateness: number,
): Due {
  const windows = new Map<number, RunningLossState>();
  let [latest, late, missing] = [-Infinity, 0, 0];
  for (const [i, one] of list.entries()) {
    const position = one[column];
    if (position === null) {
      missing++;
      continue;
    }
    let isLate = true;
    for (let j = Math.floor(position / slide); j * slide + width > position; j--) {
      if (j * slide + width + lateness <= latest) continue;
      isLate = false;
      const state = windows.get(j) ?? RunningLoss.create({ squares: false });
      windows.set(j, state);
      if (one.y === null) RunningLoss.addMissing(state, 1);
      else RunningLoss.add(state, Math.abs(one.p - one.y), 1, i);
    }
    if (isLate) late++;
    latest = Math.max(latest, position);
  }
  return { windows, late, missing };
}

const pool = createPool({ workers: 0, engine: "js" });
const two = createPool({ workers: 2, engine: "js" });
afterAll(async () => {
  await Promise.all([pool.close(), two.close()]);
});

const CASES: Readonly<
  Record<string, { window: LossWindow; due: (list: readonly Row[]) => Due; unit: number }>
> = {
  "steps, tumbling": {
    window: { step: "step", width: 2.5 },
    due: (list) => oneByOne(list, "step", 2.5, 2.5, Infinity),
    unit: 2.5,
  },
  "steps, sliding": {
    window: { step: "step", width: 3, slide: 0.75 },
    due: (list) => oneByOne(list, "step", 3, 0.75, Infinity),
    unit: 0.75,
  },
  "times, never closed": {
    window: { time: "at", width: "2s", slide: "1s" },
    due: (list) => oneByOne(list, "at", 2000, 1000, Infinity),
    unit: 1000,
  },
  "times, tumbling, late after a second": {
    window: { time: "at", width: 2000, lateness: "1s" },
    due: (list) => oneByOne(list, "at", 2000, 2000, 1000),
    unit: 2000,
  },
  "times, sliding, late at once": {
    window: { time: "at", width: "3s", slide: "1s", lateness: 0 },
    due: (list) => oneByOne(list, "at", 3000, 1000, 0),
    unit: 1000,
  },
};

describe.each(Object.entries(CASES))("windows of %s", (_name, { window, due, unit }) => {
  const job = { losses: ["mae"], target: "y", prediction: "p", window };

  test("hold the rows that the rules put there one by one, and say which are in none", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (list) => {
        if (list.length === 0) return;
        const { results, windowless } = await lastValueFrom(
          runningLoss(batchesOf(list, [7], 0), { ...job, pool }),
        );
        const { windows, late, missing } = due(list);
        expect(windowless).toEqual({ late, missing });
        const found = results[0]!.windows!.map(({ from, to: _to, value: _value, ...figures }) => [
          from,
          figures,
        ]);
        const expected = [...windows]
          .sort(([a], [b]) => a - b)
          .map(([j, state]) => {
            const { rows: _rows, minRow: _min, maxRow: _max, ...figures } = RunningLoss.value(state);
            return [j * unit, figures];
          });
        expect(found).toEqual(expected);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test("do not depend on batches, workers or formats", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(rows, sizes, fc.nat(2), async (list, cut, type) => {
        if (list.length === 0) return;
        const whole = await figuresOf(batchesOf(list, [list.length], 0), { ...job, pool });
        const forms = {
          batches: [batchesOf(list, cut, type), two] as const,
          file: [ipcFromBatches(batchesOf(list, cut, type), "file"), two] as const,
          csv: [csvOf(list), two] as const,
          jsonl: [jsonlOf(list), pool] as const,
        };
        for (const [form, [source, of]] of Object.entries(forms)) {
          expect(`${form} ${await figuresOf(source, { ...job, pool: of })}`).toBe(`${form} ${whole}`);
        }
        expect(await pictureOf(inTasks(batchesOf(list, cut, type), { ...job, pool }))).toBe(whole);
      }),
      { seed: SEED, numRuns: 12 },
    );
  });
});

test("every row of tumbling windows is in one of them, late, or without a time", async () => {
  const list = fc.sample(rows, { seed: SEED, numRuns: 20 }).flat();
  const {
    results,
    windowless,
    rows: count,
  } = await lastValueFrom(
    runningLoss(batchesOf(list, [9], 1), {
      losses: ["mae"],
      target: "y",
      prediction: "p",
      window: { time: "at", width: "1s", lateness: "2s" },
      pool,
    }),
  );
  const held = results[0]!.windows!.reduce((sum, one) => sum + Number(one.count) + Number(one.missing), 0);
  expect(windowless!.late).toBeGreaterThan(0);
  expect(held + windowless!.late + windowless!.missing).toBe(count);
});

test.each([
  ["a text that is no time", '{"y":1,"p":1,"at":"soon"}', { time: "at", width: "1s" }, "LF_BAD_TIME"],
  ["the 30th of February", '{"y":1,"p":1,"at":"2026-02-30"}', { time: "at", width: "1s" }, "LF_BAD_TIME"],
  ["an infinite time", '{"y":1,"p":1,"at":Infinity}', { time: "at", width: "1s" }, "LF_BAD_TIME"],
  ["a step that is NaN", '{"y":1,"p":1,"at":NaN}', { step: "at", width: 1 }, "LF_POSITION"],
] as const)("%s is refused with its row", async (_name, line, window, code) => {
  const source = bytes(`{"y":1,"p":1,"at":1}\n${line}\n`);
  const refusal = await lastValueFrom(
    runningLoss(source, { losses: ["mae"], target: "y", prediction: "p", window, pool }),
  ).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code, row: 1, column: "at" });
});

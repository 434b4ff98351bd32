import { Field, Float64, List, type RecordBatch, Table, vectorFromArray, type Vector } from "apache-arrow";
import { lastValueFrom } from "rxjs";
import { afterAll, expect, test } from "vitest";
import { createPool } from "../src/pool/create-pool.ts";
import { runningLoss } from "../src/running-loss.ts";
import { unreducedLosses, type UnreducedLosses } from "../src/unreduced-losses.ts";
import { ENGINES } from "./engines.ts";
import { batchesFromRows, seededRows } from "./rows.ts";
import { SEED } from "./seeded-random.ts";

const pool = createPool({ workers: 0, engine: "js" });
afterAll(() => pool.close());

const job = { losses: ["mae"], target: "t", prediction: "p", pool };

/** One batch of each list of rows; null is a row without a list. */
function batches(parts: readonly (readonly (readonly number[] | null)[])[]): RecordBatch[] {
  const type = new List(new Field("item", new Float64(), true));
  return parts.map((rows) => {
    const column = vectorFromArray(rows as (number[] | null)[], type);
    return new Table({ p: column, t: column }).batches[0]!;
  });
}

async function unitsOf(source: RecordBatch[]): Promise<string> {
  const rows: string[] = [];
  for await (const { firstRow, rows: count, losses } of unreducedLosses(source, job)) {
    const { perRow, values, left } = losses[0]!;
    for (let i = 0; i < count; i++) {
      const units = Array.from({ length: perRow }, (_, e) => i * perRow + e);
      rows.push(`${firstRow + i}: ${units.map((unit) => (left?.[unit] ? "-" : values[unit])).join(" ")}`);
    }
  }
  return rows.join("; ");
}

test("null rows have as many missing units as the others, wherever they stand and however rows are cut", async () => {
  const due = "0: - -; 1: - -; 2: 0 0; 3: - -";
  const list = [1, 2];
  for (const cut of [
    [[null, null, list, null]],
    [
      [null, null],
      [list, null],
    ],
    [[null], [null], [list], [null]],
    [[null, null, list], [null]],
  ]) {
    expect(await unitsOf(batches(cut))).toBe(due);
    const { rows } = await lastValueFrom(runningLoss(batches(cut), job));
    expect(rows).toBe(8);
  }
  expect(await unitsOf(batches([[null], [null]]))).toBe("0: -; 1: -");
});

test("metrics of the same job are not looked at", async () => {
  const source = batches([[[1, 2]]]);
  const options = { ...job, target: "p", metrics: ["rmse", { metric: "f1", target: "nowhere" }] };
  const { value } = await unreducedLosses(source, options).next();
  expect((value as UnreducedLosses).losses.length).toBe(1);
});

test("where one role is null throughout, the other shows how many elements are missing", async () => {
  const lists = (rows: (number[] | null)[]): Vector<List<Float64>> =>
    vectorFromArray(rows, new List(new Field("item", new Float64(), true)));
  const table = new Table({
    p: lists([
      [1, 2, 3],
      [1, 2, 3],
    ]),
    t: lists([null, null]),
  });
  const { rows, results } = await lastValueFrom(runningLoss(table, job));
  expect([rows, results[0]!.missing]).toEqual([6, 6]);
  expect(await unitsOf(table.batches)).toBe("0: - - -; 1: - - -");
});

test("lists of another length than those before are refused with their row, across batches too", async () => {
  const ragged = batches([[[1, 2]], [null], [[1, 2, 3]]]);
  const refused = expect.objectContaining({ code: "LF_SHAPE", row: 2 });
  await expect(unitsOf(ragged)).rejects.toEqual(refused);
  await expect(lastValueFrom(runningLoss(ragged, job))).rejects.toEqual(refused);
});

test("a list that is not as long as its prediction is refused with its row, however rows are cut", async () => {
  const type = new List(new Field("item", new Float64(), true));
  const goals = [[1, 2], null, [1, 2], null, [1, 2, 3], [1, 2]];
  const cut = (size: number): RecordBatch[] =>
    Array.from({ length: Math.ceil(goals.length / size) }, (_, i) => {
      const rows = goals.slice(i * size, (i + 1) * size);
      const p = rows.map(() => [0, 0]);
      return new Table({ p: vectorFromArray(p, type), t: vectorFromArray(rows, type) }).batches[0]!;
    });
  const refused = expect.objectContaining({ code: "LF_SHAPE", row: 4, column: "t" });
  for (const size of [1, 2, 3, 4, 6]) {
    await expect(unitsOf(cut(size))).rejects.toEqual(refused);
    await expect(lastValueFrom(runningLoss(cut(size), job))).rejects.toEqual(refused);
    const rows = { ...job, losses: ["cosine"] };
    await expect(lastValueFrom(runningLoss(cut(size), rows))).rejects.toEqual(refused);
  }
});

test.each(ENGINES)(
  "engine %s: what was handed out stands as it was when later rows are evaluated",
  async (engine) => {
    await using own = createPool({ workers: 0, engine });
    const plain = { loss: "mse", target: "fold", prediction: "label" };
    const losses = [{ loss: "bce_logits", target: "hit", prediction: "logit", weight: "w" }, plain, plain];
    // In the first batch the plain columns have no nulls, so that nothing is left out of it.
    const rows = seededRows(400, SEED).map((row, i) => (i < 100 ? { ...row, fold: i, label: 2 * i } : row));
    const handedOut: UnreducedLosses[] = [];
    const copies: UnreducedLosses[] = [];
    const source = batchesFromRows(rows, [100, 65, 1, 64]);
    const options = { losses, target: "y", prediction: "p", pool: own };
    for await (const part of unreducedLosses(source, options, { units: true })) {
      handedOut.push(part);
      copies.push(structuredClone(part));
    }
    expect(handedOut.length).toBeGreaterThan(4);
    expect(handedOut[0]!.losses.map(({ left }) => left === null)).toEqual([false, true, true]);
    expect(handedOut).toEqual(copies);
    const arrays = handedOut.flatMap((part) =>
      part.losses.flatMap(({ values, left, weights, units }) => [
        values,
        ...[left, weights].filter((one) => one !== null),
        units!.prediction,
        units!.target,
      ]),
    );
    expect(new Set(arrays.map(({ buffer }) => buffer)).size).toBe(arrays.length);
  },
);

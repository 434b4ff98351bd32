import { expect, test } from "vitest";
import type { Plan } from "../../src/fold/plan.ts";
import { numbersIn, TaskBatcher, TaskGrowth, type TaskSource } from "../../src/job/task-batcher.ts";
import type { Segment } from "../../src/source/table-source.ts";

const ROWS = 2 ** 20;
const plan = {
  by: [],
  engine: "wasm-simd",
  losses: [{ loss: "mse" }],
  window: null,
  top: null,
} as never as Plan;

/** Rows of each task over a file of so many batches of two float32 columns. */
function tasksOf(batches: number, workers: number): number[] {
  const source: TaskSource = { size: batches * 8 * ROWS, workers };
  const batcher = new TaskBatcher(plan, new TaskGrowth(), source);
  const batch = { length: ROWS, nodes: [{ length: ROWS }, { length: ROWS }] };
  const tasks: number[] = [];
  for (let i = 0; i < batches; i++) {
    const rows = { batch, from: 0, to: ROWS };
    const payload = { kind: "arrow", file: 0, body: 0, rows } as never as Segment["payload"];
    batcher.add(
      { rows: ROWS, payload, position: (i + 1) * 8 * ROWS, release: () => undefined },
      "file",
      i * ROWS,
    );
    if (batcher.full || i === batches - 1) tasks.push(batcher.take().rows);
  }
  return tasks;
}

test("a long file is cut into tasks that are small first, large then, and small in the end", () => {
  const tasks = tasksOf(1000, 2);
  expect(tasks.reduce((sum, rows) => sum + rows, 0)).toBe(1000 * ROWS);
  expect(tasks[0]).toBe(2 * ROWS);
  expect(Math.max(...tasks)).toBe(32 * ROWS);
  expect(tasks.at(-2)).toBe(2 * ROWS);
  // A task that ends last leaves the others idle for no more than a share of what was left when it began.
  let left = 1000 * ROWS;
  for (const [i, rows] of tasks.entries()) {
    expect(rows).toBeLessThanOrEqual(Math.max(2 * ROWS, left / 8 + ROWS));
    // And no smaller than that share: each costs a message.
    const share = i === 0 ? 0 : Math.min(32 * ROWS, left / 8);
    expect(rows).toBeGreaterThanOrEqual(Math.min(left, Math.max(2 * ROWS, share)));
    left -= rows;
  }
});

test("the calling thread gets small tasks, between which it hears a cancellation", () => {
  expect(Math.max(...tasksOf(100, 0))).toBe(2 * ROWS);
});

/** Numbers of the first tasks with groups, `groups` of which each meets for each of its rows. */
function groupedTasks(groups: number, quantiles: boolean): number[] {
  const growth = new TaskGrowth();
  const own = { ...plan, by: [2], quantiles };
  const batcher = new TaskBatcher(own, growth, { size: undefined, workers: 2 });
  const rows = 2 ** 16;
  const nodes = [{ length: rows }, { length: rows }];
  const payload = {
    kind: "arrow",
    file: 0,
    body: 0,
    rows: { batch: { length: rows, nodes }, from: 0, to: rows },
  };
  const segment = { rows, payload, position: 0, release: () => undefined } as never as Segment;
  const tasks: number[] = [];
  while (tasks.length < 8) {
    batcher.add(segment, "file", 0);
    if (!batcher.full) continue;
    const task = batcher.take();
    tasks.push(2 * task.rows);
    growth.note(task.rows, groups * task.rows, own);
  }
  return tasks;
}

test("tasks of many groups grow, those with sketches less: their memory is of rows", () => {
  expect(groupedTasks(1 / 100, false)).toEqual(Array(8).fill(2 ** 21));
  expect(groupedTasks(1 / 10, false)).toEqual([21, 22, 23, 24, 24, 24, 24, 24].map((k) => 2 ** k));
  expect(groupedTasks(1 / 10, true)).toEqual(Array(8).fill(2 ** 20));
  expect(groupedTasks(1 / 2, true)).toEqual([20, 21, 22, 23, 23, 23, 23, 23].map((k) => 2 ** k));
});

/** Numbers of the first task of a plan, of payloads that workers read themselves or that the reading thread holds. */
function firstTask(own: object, kind: "arrow" | "columns"): number {
  const batcher = new TaskBatcher({ ...plan, ...own }, new TaskGrowth(), { size: 2 ** 40, workers: 2 });
  const rows = 2 ** 12;
  const column = {
    kind: "number",
    format: "f32",
    length: rows,
    validity: null,
    bitOffset: 0,
    values: new Uint8Array(0),
  };
  const payload =
    kind === "columns"
      ? { kind, columns: [column, column] }
      : {
          kind,
          file: 0,
          body: 0,
          rows: { batch: { length: rows, nodes: [column, column] }, from: 0, to: rows },
        };
  while (!batcher.full)
    batcher.add({ rows, payload, position: 0, release: () => undefined } as never, "file", 0);
  return 2 * batcher.take().rows;
}

test("tasks are the smaller, the more memory each row of them takes, or the sooner they must be heard of", () => {
  const three = { losses: [{ loss: "mse" }, { loss: "mae" }, { loss: "huber" }] };
  const grouped = { by: [2] };
  const sketched = { by: [2], quantiles: true };
  const read = (own: object): number => firstTask(own, "arrow");
  const held = (own: object): number => firstTask(own, "columns");
  // Of what workers read: sums alone, what carries windows, and several losses, which take long enough.
  expect(read({})).toBeGreaterThan(read({ window: { kind: "rows", width: 10 } }));
  expect(read({ window: { kind: "rows", width: 10 } })).toBeGreaterThan(read(three));
  // What the reading thread holds is in memory, whatever is done with it.
  expect(held({})).toBeLessThan(read({}));
  expect(held({ window: { kind: "rows", width: 10 } })).toBeLessThan(
    read({ window: { kind: "rows", width: 10 } }),
  );
  expect(held(grouped)).toBeLessThan(read(grouped));
  expect(held(sketched)).toBeLessThanOrEqual(held(grouped));
  expect(read(sketched)).toBeLessThan(read(grouped));
  expect(read({ ...sketched, ...three })).toBeLessThan(read(sketched));
});

test("numbers are those of the elements, of a batch its part, and of what can be read", () => {
  const child = { kind: "number", format: "f32", length: 30, validity: null, bitOffset: 0 };
  const list = { kind: "fixed-list", size: 3, length: 10, child };
  const columns = { kind: "columns", columns: [list, { ...child, length: 10 }] };
  expect(numbersIn(columns as never)).toBe(40);
  const nodes = [{ length: 100 }, { length: 300 }];
  const part = { kind: "arrow", rows: { batch: { length: 100, nodes }, from: 10, to: 35 } };
  expect(numbersIn(part as never)).toBe(100);
  const pages = {
    kind: "parquet",
    rows: 10,
    columns: [{ values: 30 }, { unsupported: "map" }, { values: 10 }],
  };
  expect(numbersIn(pages as never)).toBe(40);
});

test("a task takes the memory that its pages may be unpacked to", () => {
  const bytesOf = (codec: string): number => {
    const batcher = new TaskBatcher(plan, new TaskGrowth(), { size: 1000, workers: 2 });
    const pages = { leaf: { width: 8 }, codec, values: 1000, bytes: new Uint8Array(100) };
    const payload = { kind: "parquet", rows: 1000, columns: [pages, { unsupported: "map" }] };
    batcher.add({ rows: 1000, payload, position: 0, release: () => undefined } as never, "file", 0);
    return batcher.take().bytes;
  };
  expect([bytesOf("none"), bytesOf("snappy")]).toEqual([100, 100 + 8000]);
});

import { expect, test } from "vitest";
import type { Plan } from "../../src/fold/plan.ts";
import { TaskBatcher, TaskGrowth, type TaskSource } from "../../src/job/task-batcher.ts";
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
    if (i > 0) expect(rows).toBeGreaterThanOrEqual(Math.min(left, 2 * ROWS));
    left -= rows;
  }
});

test("the calling thread gets small tasks, between which it hears a cancellation", () => {
  expect(Math.max(...tasksOf(100, 0))).toBe(2 * ROWS);
});

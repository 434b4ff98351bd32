import { lossFromSpec, RunningLoss, type LossSpec, type RunningLossState } from "@lossflow/core";
import * as fc from "fast-check";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import type { Figures, LossResult, Snapshot } from "../../src/job/snapshot.ts";
import type { LossJobOptions } from "../../src/job/options.ts";
import { createPool } from "../../src/pool/create-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";
import { batchesFromRows, seededRows, type Row } from "../rows.ts";
import { isNear } from "../same-everywhere.ts";
import { SEED } from "../seeded-random.ts";
import { ENGINES } from "../engines.ts";

describe.each(ENGINES)("engine %s", (engine) => {
  const pool = createPool({ workers: 0, engine });
  afterAll(() => pool.close());

  const PARAMETERS = { seed: SEED, numRuns: 25 };
  const someRows = fc
    .tuple(fc.integer({ min: 0, max: 200 }), fc.integer())
    .map(([count, seed]) => seededRows(count, seed));

  async function figures(rows: readonly Row[], options: Omit<LossJobOptions, "pool">): Promise<Snapshot> {
    return lastValueFrom(runningLoss(batchesFromRows(rows, [13, 50]), { ...options, pool }));
  }

  /** Adds one row at a time, by the rules as they are written down: null, then weight 0, then the loss. */
  function rowByRow(
    rows: readonly Row[],
    spec: LossSpec,
    unitsOf: (row: Row) => readonly { prediction: unknown; target: unknown; weight: number | null }[],
    only: (row: Row, index: number) => boolean = () => true,
  ): RunningLossState {
    const loss = lossFromSpec({ ...spec, params: { ...spec.params, reduction: "none" } });
    const state = RunningLoss.create({ squares: false });
    for (const [index, row] of rows.entries()) {
      if (!only(row, index)) continue;
      for (const { prediction, target, weight } of unitsOf(row)) {
        if (isNull(prediction) || isNull(target) || weight === null) RunningLoss.addMissing(state, 1);
        else if (weight === 0) RunningLoss.addIgnored(state, 1);
        else {
          const shape = Array.isArray(prediction) ? { shape: [1, prediction.length] } : {};
          const [value] = loss.value(listed(prediction), listed(target), shape) as unknown as number[];
          RunningLoss.add(state, value!, weight, index);
        }
      }
    }
    return state;
  }

  const isNull = (value: unknown): boolean =>
    value === null || (Array.isArray(value) && value.includes(null));
  const listed = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : [Number(value)]);

  /** `relative` is how far sums and extremes may lie apart, of themselves; counts may not. */
  function expectFigures(found: Figures, state: RunningLossState, relative = 0): void {
    const { rows, minRow: _minRow, maxRow: _maxRow, ...due } = RunningLoss.value(state);
    const shown = Object.fromEntries(Object.keys(due).map((name) => [name, found[name as keyof Figures]]));
    if (relative === 0) expect(shown).toEqual(due);
    else expect(isNear(shown, due, relative)).toBe(true);
    expect(Number(found.count) + Number(found.missing) + Number(found.ignored)).toBe(Number(rows));
    expect(Number(found.finite) + Number(found.nan) + Number(found.posInf) + Number(found.negInf)).toBe(
      Number(found.count),
    );
  }

  test("plain losses count, weigh and sum as one row after the other does, in total, by group and by window", async () => {
    await fc.assert(
      fc.asyncProperty(someRows, async (rows) => {
        const { results } = await figures(rows, {
          losses: ["huber"],
          target: "y",
          prediction: "p",
          weight: "w",
          by: ["group", "fold"],
          window: { rows: 21 },
        });
        const [result] = results as [LossResult];
        const units = (row: Row) => [{ prediction: row.p, target: row.y, weight: row.w }];
        expectFigures(result, rowByRow(rows, { loss: "huber" }, units));
        for (const group of result.groups!) {
          expectFigures(
            group,
            rowByRow(
              rows,
              { loss: "huber" },
              units,
              (row) => row.group === group.key["group"] && row.fold === group.key["fold"],
            ),
          );
        }
        for (const { from, to, ...window } of result.windows!) {
          expectFigures(
            window,
            rowByRow(rows, { loss: "huber" }, units, (_, i) => i >= from && i < to),
          );
        }
        expect(result.windows!.at(-1)?.to ?? 0).toBe(rows.length);
      }),
      PARAMETERS,
    );
  });

  test("elements of lists are counted one by one; a null list is as many missing elements as the others have", async () => {
    await fc.assert(
      fc.asyncProperty(someRows, async (rows) => {
        const known = rows.some((row) => row.goals !== null && row.scores !== null);
        if (!known) return;
        const { results, shape } = await figures(rows, {
          losses: ["mae"],
          target: "goals",
          prediction: "scores",
          weight: "w",
        });
        const state = rowByRow(rows, { loss: "mae" }, (row) =>
          [0, 1, 2].map((j) => ({
            prediction: row.scores?.[j] ?? null,
            target: row.goals?.[j] ?? null,
            weight: row.w,
          })),
        );
        expectFigures(results[0]!, state);
        expect(shape).toEqual([rows.length, 3]);
      }),
      PARAMETERS,
    );
  });

  test("row losses read whole rows: class weights multiply with weights, an ignored label leaves its row out", async () => {
    await fc.assert(
      fc.asyncProperty(someRows, async (rows) => {
        const params = { class_weight: [1, 0.25, 3], ignore_index: 2 };
        const { results } = await figures(rows, {
          losses: [{ loss: "scce_logits", params }],
          target: "label",
          prediction: "scores",
          weight: "w",
        });
        const state = rowByRow(rows, { loss: "scce_logits" }, ({ scores, label, w }) => [
          {
            prediction: scores,
            target: label,
            weight: w === null || label === null ? w : w * (label === 2 ? 0 : params.class_weight[label]!),
          },
        ]);
        // Kernels lie up to 4 units in the last place from core, and the sum is rounded once.
        expectFigures(results[0]!, state, engine === "js" ? 0 : 5 * Number.EPSILON);
      }),
      PARAMETERS,
    );
  });

  test("the highest losses are those that a sort finds: infinities first, NaN never, ties by row", async () => {
    await fc.assert(
      fc.asyncProperty(someRows, fc.integer({ min: 0, max: 9 }), async (rows, top) => {
        const { results } = await figures(rows, { losses: ["mae"], target: "y", prediction: "p", top });
        const losses = rows.flatMap(({ y, p }, row) =>
          y === null || p === null ? [] : [{ row, loss: Math.abs(p - y) }],
        );
        const due = losses
          .filter(({ loss }) => !Number.isNaN(loss))
          .sort((a, b) => (a.loss === b.loss ? a.row - b.row : b.loss - a.loss))
          .slice(0, top);
        expect(results[0]!.top!.map(({ row, loss }) => ({ row, loss }))).toEqual(due);
      }),
      PARAMETERS,
    );
  });

  test("rows are counted through all sources, and the highest losses name theirs", async () => {
    const one = batchesFromRows(seededRows(40, SEED), [7]);
    const other = batchesFromRows(seededRows(60, SEED + 1), [60]);
    const { results, rows } = await lastValueFrom(
      runningLoss([one, other], { losses: ["mse"], target: "y", prediction: "p", top: 100, pool }),
    );
    expect(rows).toBe(100);
    const { top } = results[0]!;
    expect(
      top!.every(({ row, source, sourceRow }) => row === sourceRow + (source === "batches 2" ? 40 : 0)),
    ).toBe(true);
    expect(new Set(top!.map(({ source }) => source))).toEqual(new Set(["batches 1", "batches 2"]));
  });
});

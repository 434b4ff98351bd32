import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createPool } from "../../src/pool/create-pool.ts";
import { figuresOf } from "../figures-of.ts";
import { batchesFromRows, csvFromRows, jsonlFromRows, seededRows, type Row } from "../rows.ts";
import { SEED } from "../seeded-random.ts";
import { ENGINES } from "../engines.ts";

describe.each(ENGINES)("engine %s", (engine) => {
  const inThread = createPool({ workers: 0, engine });
  const two = createPool({ workers: 2, engine });
  afterAll(async () => {
    await Promise.all([inThread, two].map((pool) => pool.close()));
  });

  const SPOILT: readonly ((row: Row) => Row)[] = [
    (row) => ({ ...row, w: -1, y: 0, p: 0 }),
    (row) => ({ ...row, hit: null, y: 0.5, p: 2, w: 1 }),
    (row) => ({ ...row, y: -0.5, p: 0.5, w: 1 }),
    (row) => ({ ...row, y: 1, p: NaN, w: 1 }),
  ];

  test("the refusal is that of the earliest row, for any cutting and any number of workers", async () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.constantFrom(...SPOILT));
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 4 }), sizes, async (spoilt, cut) => {
        // Rows that are right in every column, but for the spoilt ones.
        const rows = seededRows(60, SEED).map((row): Row => Object.assign(row, { y: 1, p: 0.25, w: 1 }));
        for (const [at, spoil] of spoilt) rows[at] = spoil(rows[at]!);
        const job = {
          losses: ["bce", "focal", "mse"],
          target: "y",
          prediction: "p",
          weight: "w",
          nan: "throw",
        } as const;
        const due = await figuresOf(batchesFromRows(rows, [60]), { ...job, pool: inThread });
        const earliest = Math.min(...spoilt.map(([at]) => at));
        expect(due).toContain(` row ${earliest} `);
        expect(await figuresOf(batchesFromRows(rows, cut), { ...job, pool: two })).toBe(due);
        expect(await figuresOf(jsonlFromRows(rows), { ...job, pool: two })).toBe(due);
        expect(await figuresOf(csvFromRows(rows), { ...job, pool: inThread })).toBe(due);
      }),
      { seed: SEED, numRuns: 30 },
    );
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { LossJobOptions } from "../../src/job/options.ts";
import { createPool } from "../../src/pool/create-pool.ts";
import { fileSource } from "../../src/source/file-source.ts";
import { figuresOf, pictureOf } from "../figures-of.ts";
import { inTasks } from "../in-tasks.ts";
import {
  batchesFromRows,
  csvFromRows,
  ipcFromBatches,
  jsonlFromRows,
  seededRows,
  type Row,
} from "../rows.ts";
import { SEED } from "../seeded-random.ts";
import { ENGINES } from "../engines.ts";

describe.each(ENGINES)("engine %s", (engine) => {
  const inThread = createPool({ workers: 0, engine });
  const two = createPool({ workers: 2, engine });
  const three = createPool({ workers: 3, engine });
  const folder = mkdtempSync(join(tmpdir(), "lossflow-partition-"));
  const file = join(folder, "file.arrow");
  const stream = join(folder, "stream.arrows");
  afterAll(async () => {
    await Promise.all([inThread, two, three].map((pool) => pool.close()));
    rmSync(folder, { recursive: true });
  });

  type Job = Omit<LossJobOptions, "pool"> & { readonly plain: boolean };

  /** Jobs that between them use every rule; `plain` ones have no lists, so that CSV can hold their columns. */
  const JOBS: Readonly<Record<string, Job>> = {
    "weighted, grouped, windowed, top": {
      losses: ["mse", "mae", { loss: "huber", params: { delta: 0.5 } }],
      target: "y",
      prediction: "p",
      weight: "w",
      by: ["group", "fold"],
      window: { rows: 17 },
      top: 5,
      plain: true,
    },
    "NaN propagated": {
      losses: ["mse"],
      target: "y",
      prediction: "p",
      nan: "propagate",
      by: "fold",
      plain: true,
    },
    "NaN refused": { losses: ["mse", "mae"], target: "y", prediction: "p", nan: "throw", plain: true },
    "binary from logits, sums": {
      losses: ["bce_logits", "focal_logits"],
      target: "hit",
      prediction: "logit",
      reduction: "sum",
      plain: true,
    },
    "logits out of [0, 1]": { losses: ["bce", "mse"], target: "hit", prediction: "logit", plain: true },
    "losses of the whole": {
      losses: ["balanced_bce_logits"],
      target: "hit",
      prediction: "logit",
      weight: "w",
      by: "group",
      window: { rows: 30 },
      plain: true,
    },
    "rows of classes": {
      losses: [
        { loss: "scce_logits", params: { class_weight: [1, 0.3, 2.7], ignore_index: 1 } },
        "scce_logits",
      ],
      target: "label",
      prediction: "scores",
      weight: "w",
      by: "group",
      top: 3,
      plain: false,
    },
    "elements of lists": {
      losses: ["mse", "mae"],
      target: "goals",
      prediction: "scores",
      weight: "w",
      by: "fold",
      window: { rows: 11 },
      top: 4,
      plain: false,
    },
    "columns of their own": {
      losses: [
        { loss: "bce_logits", target: "hit", prediction: "logit", weight: "w" },
        { loss: "scce_logits", target: "label", prediction: "scores" },
        { loss: "mae", target: "label", prediction: "fold" },
      ],
      metrics: ["rmse"],
      target: "y",
      prediction: "p",
      by: ["group", "fold"],
      window: { rows: 13 },
      quantiles: [0.5],
      top: 3,
      show: ["label", "group"],
      plain: false,
    },
    "lists against rows": { losses: ["mse", "cosine"], target: "goals", prediction: "scores", plain: false },
  };

  const cutting = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 4 });
  const length = fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({ min: 3, max: 300 }));

  describe.each(Object.entries(JOBS))(
    "the figures do not depend on the cutting: %s",
    (_name, { plain, ...job }) => {
      test("batches, IPC file, IPC stream, JSONL, CSV, any number of workers", async () => {
        await fc.assert(
          fc.asyncProperty(length, fc.integer(), cutting, cutting, async (count, seed, sizes, others) => {
            const rows: Row[] = seededRows(count, seed);
            const whole = await figuresOf(batchesFromRows(rows, [Math.max(1, count)]), {
              ...job,
              pool: inThread,
            });
            await writeFile(file, ipcFromBatches(batchesFromRows(rows, sizes, "plain"), "file"));
            await writeFile(stream, ipcFromBatches(batchesFromRows(rows, others), "stream"));
            const forms = {
              "a file on disk": [fileSource(file), two] as const,
              "a stream on disk": [fileSource(stream), inThread] as const,
              batches: [batchesFromRows(rows, sizes), two] as const,
              file: [ipcFromBatches(batchesFromRows(rows, others, "plain"), "file"), inThread] as const,
              stream: [ipcFromBatches(batchesFromRows(rows, sizes), "stream"), three] as const,
              ...(count > 0 ? { jsonl: [jsonlFromRows(rows), two] as const } : {}),
              ...(plain ? { csv: [csvFromRows(rows), two] as const } : {}),
            };
            for (const [form, [source, pool]] of Object.entries(forms)) {
              expect(`${form} ${await figuresOf(source, { ...job, pool })}`).toBe(`${form} ${whole}`);
            }
            const tasks = inTasks(batchesFromRows(rows, sizes), { ...job, pool: inThread });
            expect(await pictureOf(tasks)).toBe(whole);
          }),
          { seed: SEED, numRuns: 8 },
        );
      });
    },
  );
});

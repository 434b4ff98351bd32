import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import { createPool, runningLoss, type LossJobOptions, type Source } from "../dist/index.js";
import { platformWorker } from "../dist/worker/spawn.web.js";
import { ENGINES } from "./engines.ts";
import { EXPECTED, isNear, isSameEverywhere, JOBS, sourcesOfJob } from "./same-everywhere.ts";

const sources = sourcesOfJob();

async function figuresOf(source: Source, options: LossJobOptions): Promise<unknown> {
  const { rows, results } = await lastValueFrom(runningLoss(source, options));
  for (const { top } of results) for (const one of top ?? []) Object.assign(one, { source: "" });
  return JSON.parse(JSON.stringify({ rows, results }));
}

/** The tests of the engine in a page, whether or not it shares memory with its workers. */
export function describeEngine(): void {
  describe.each(ENGINES)("engine %s", (engine) => {
    const inThread = createPool({ workers: 0, engine });
    const two = createPool({ workers: 2, engine });
    afterAll(async () => {
      await Promise.all([inThread, two].map((pool) => pool.close()));
    });

    describe.each(Object.entries(JOBS))("%s", (name, job) => {
      const { arithmeticOnly: _, ...options } = job;

      test("a table, an Arrow file and CSV, in the calling thread and in workers, give the same bits", async () => {
        const figures = new Set<string>();
        for (const pool of [inThread, two]) {
          for (const source of Object.values(sources)) {
            figures.add(JSON.stringify(await figuresOf(source, { ...options, pool })));
          }
        }
        expect(figures.size).toBe(1);
      });

      const same = isSameEverywhere(engine, job);
      test(`they are those of Node${same ? ", to the last bit" : ", as near as its Math.exp and Math.log1p are"}`, async () => {
        const found = await figuresOf(sources["an Arrow file"], { ...options, pool: two });
        const due = EXPECTED[`${name} ${engine}`];
        if (same) expect(found).toEqual(due);
        else expect(isNear(found, due, 8 * Number.EPSILON)).toBe(true);
      });
    });
  });

  test("a worker whose script is not there says what to do about it", async () => {
    const worker = platformWorker(new Worker("/no-such-worker.js", { type: "module" }));
    const why = await new Promise<string>((resolve) => worker.onDeath(resolve));
    expect(why).toContain("name @lossflow/streaming in optimizeDeps.exclude");
    worker.terminate();
  });

  test("a worker that refuses its rows says so with source, row, line and column", async () => {
    await using pool = createPool({ workers: 1 });
    const text = new TextEncoder().encode("y,p\n0,0.5\n0,7\n");
    const job = { losses: ["bce"], target: "y", prediction: "p", pool };
    await expect(figuresOf(text, job)).rejects.toMatchObject({
      code: "LF_PROBABILITY_OUT_OF_RANGE",
      row: 1,
      line: 3,
      column: "p",
    });
  });

  test("a File that a person chose is read piece by piece, to the same figures", async () => {
    await using pool = createPool({ workers: 2 });
    const [name, { arithmeticOnly: _, ...options }] = Object.entries(JOBS)[0]!;
    const bytes = sources["an Arrow file"] as Uint8Array<ArrayBuffer>;
    const due = await figuresOf(bytes, { ...options, pool });
    expect([name, await figuresOf(new File([bytes], "chosen.arrow"), { ...options, pool })]).toEqual([
      name,
      due,
    ]);
  });
}

import { readFileSync, writeFileSync } from "node:fs";
import { lastValueFrom } from "rxjs";
import { describe, expect, test } from "vitest";
import { createPool } from "../src/pool/create-pool.ts";
import { runningLoss } from "../src/running-loss.ts";
import { ENGINES } from "./engines.ts";
import { EXPECTED, isNear, isSameEverywhere, JOBS, sourcesOfJob } from "./same-everywhere.ts";

const FILE = new URL("./same-everywhere.expected.json", import.meta.url);
const sources = sourcesOfJob();

describe.each(ENGINES)("engine %s", (engine) => {
  test.each(Object.entries(JOBS))(
    "the figures of %s that browsers are held against are those of Node",
    async (name, job) => {
      await using pool = createPool({ workers: 2, engine });
      const { arithmeticOnly: _, ...options } = job;
      const figures = new Set<string>();
      for (const source of Object.values(sources)) {
        const { rows, results } = await lastValueFrom(runningLoss(source, { ...options, pool }));
        for (const { top } of results) for (const one of top ?? []) Object.assign(one, { source: "" });
        figures.add(JSON.stringify({ rows, results }));
      }
      expect(figures.size).toBe(1);
      const found: unknown = JSON.parse([...figures][0]!);
      const key = `${name} ${engine}`;
      if (process.env["UPDATE_EXPECTED"] === "1") {
        const all = { ...(JSON.parse(readFileSync(FILE, "utf8")) as object), [key]: found };
        writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
      } else if (isSameEverywhere(engine, job)) expect(found).toEqual(EXPECTED[key]);
      // Versions of V8 differ in the last bit of Math.exp and Math.log1p.
      else expect(isNear(found, EXPECTED[key], 8 * Number.EPSILON)).toBe(true);
    },
  );
});

import { writeFileSync } from "node:fs";
import { lastValueFrom } from "rxjs";
import { afterAll, expect, test } from "vitest";
import { createPool } from "../src/pool/create-pool.ts";
import { runningLoss } from "../src/running-loss.ts";
import { EXPECTED, isNear, JOBS, sourcesOfJob } from "./same-everywhere.ts";

const pool = createPool({ workers: 2 });
afterAll(() => pool.close());

test("the figures that browsers are held against are those of Node", async () => {
  const sources = sourcesOfJob();
  const found: Record<string, unknown> = {};
  for (const [name, { arithmeticOnly: _, ...job }] of Object.entries(JOBS)) {
    const figures = new Set<string>();
    for (const source of Object.values(sources)) {
      const { rows, results } = await lastValueFrom(runningLoss(source, { ...job, pool }));
      for (const { top } of results) for (const one of top ?? []) Object.assign(one, { source: "" });
      figures.add(JSON.stringify({ rows, results }));
    }
    expect(figures.size).toBe(1);
    found[name] = JSON.parse([...figures][0]!);
  }
  if (process.env["UPDATE_EXPECTED"] === "1") {
    writeFileSync(
      new URL("./same-everywhere.expected.json", import.meta.url),
      `${JSON.stringify(found, null, 2)}\n`,
    );
  }
  expect(found["regression"]).toEqual(EXPECTED["regression"]);
  // Versions of V8 differ in the last bit of Math.exp and Math.log1p.
  expect(isNear(found["classification"], EXPECTED["classification"], 8 * Number.EPSILON)).toBe(true);
});

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import { createPool, runningLoss } from "../../src/node.ts";

const FOLDER = fileURLToPath(new URL("../fixtures/", import.meta.url));
const files = readdirSync(FOLDER).filter((name) => /\.(?:arrows?|parquet|jsonl)$/.test(name));
const { columns } = JSON.parse(readFileSync(`${FOLDER}expected.json`, "utf8")) as {
  columns: Readonly<Record<string, readonly unknown[]>>;
};
/** Integers of 32 and 64 bits, a text or dictionary, a float, a boolean: each with nulls but the first. */
const KINDS = ["label", "long", "group", "y", "hit"];

/** How many rows have each key. */
function due(by: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < 60; row++) {
    const key = JSON.stringify(by.map((name) => columns[name]![row]));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

describe.each(files)("%s", (file) => {
  const pools = [createPool({ workers: 0 }), createPool({ workers: 1 })];
  afterAll(() => Promise.all(pools.map((pool) => pool.close())));
  // One file was written without its booleans.
  const kinds = KINDS.filter((name) => name !== "hit" || file !== "encodings.parquet");

  test.each([...kinds.map((name) => [name]), kinds])(
    "has the groups by %s that pyarrow's values make",
    async (...by) => {
      const found: Map<string, number>[] = [];
      for (const pool of pools) {
        const job = { losses: ["mse"], target: "label", prediction: "label", by, pool };
        const { results } = await lastValueFrom(runningLoss(FOLDER + file, job));
        const groups = results[0]!.groups!.map(({ key, count }) => [
          JSON.stringify(by.map((name) => key[name])),
          count,
        ]);
        found.push(new Map(groups as [string, number][]));
      }
      expect(found[0]).toEqual(due(by));
      expect(found[1]).toEqual(found[0]);
    },
  );
});

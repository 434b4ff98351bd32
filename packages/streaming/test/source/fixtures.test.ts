import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fileSource } from "../../src/source/file-source.ts";
import { memoryBytes } from "../../src/source/memory-bytes.ts";
import { openTable } from "../../src/source/open-table.ts";
import { streamBytes } from "../../src/source/stream-bytes.ts";
import { readValues } from "../fuzz/read-values.mjs";

const FOLDER = fileURLToPath(new URL("../fixtures/", import.meta.url));
const files = readdirSync(FOLDER).filter((name) => /\.(?:arrows?|parquet|csv|jsonl)$/.test(name));
const { columns } = JSON.parse(readFileSync(`${FOLDER}expected.json`, "utf8")) as {
  columns: Readonly<Record<string, readonly unknown[]>>;
};

/** What pyarrow holds, with booleans as numbers. */
function due(name: string): readonly unknown[] {
  return columns[name]!.map((value) => (typeof value === "boolean" ? Number(value) : value));
}

describe.each(files)("%s, written by pyarrow, holds what pyarrow reads in it", (file) => {
  const bytes = new Uint8Array(readFileSync(FOLDER + file));
  // Nothing that a typed array could stand on.
  const odd = new Uint8Array(bytes.length + 1).subarray(1);
  odd.set(bytes);
  async function* drops(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 999) yield bytes.slice(at, at + 999);
  }

  test.each([
    ["in memory", () => openTable(memoryBytes(bytes, file))],
    ["in memory at an odd address", () => openTable(memoryBytes(odd, file))],
    ["on disk", () => fileSource(FOLDER + file).open()],
    ["as a stream", () => openTable(streamBytes(drops(), file))],
  ])("%s", async (_way, open) => {
    const { rows, values } = await readValues(await open());
    expect(rows).toBe(60);
    expect(Object.keys(values).length).toBeGreaterThan(4);
    for (const [name, found] of Object.entries(values)) {
      // Text holds as many digits as a float32 needs.
      const isShort = name === "y" && file.endsWith(".csv");
      const same = isShort
        ? found.map((value) => (value === null ? null : Math.fround(Number(value))))
        : found;
      expect([name, same]).toEqual([name, due(name)]);
    }
  });
});

describe.each(readdirSync(`${FOLDER}no-rows`))("%s, written by pyarrow of no rows", (file) => {
  test("holds its columns and no row", async () => {
    const table = await openTable(
      memoryBytes(new Uint8Array(readFileSync(`${FOLDER}no-rows/${file}`)), file),
    );
    expect(table.columns.length).toBeGreaterThan(4);
    expect((await readValues(table)).rows).toBe(0);
  });
});

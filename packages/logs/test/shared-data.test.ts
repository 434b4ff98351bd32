import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readText, type RecordingSink } from "./support/recording-sink.ts";

/** Real logs with figures from an independent parser; they stand beside the checkout, and are not committed. */
const ROOT = resolve(fileURLToPath(new URL("../../../../shared/data", import.meta.url)));
const TABLES = /^(?:arrow_|parquet_|csv_fuzz|predictions)/;

interface Figures {
  readonly n: number;
  readonly n_finite: number;
  readonly n_nan: number;
  readonly n_posinf: number;
  readonly n_neginf: number;
  readonly min?: number;
  readonly max?: number;
  readonly mean_fsum_over_n?: number;
}

function expectedSeries(value: unknown, path: readonly string[] = []): [string, Figures][] {
  if (typeof value !== "object" || value === null) return [];
  if ("n" in value && "n_finite" in value) return [[path.join("/"), value as Figures]];
  return Object.entries(value).flatMap(([key, each]) => expectedSeries(each, [...path, key]));
}

function near(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}

/** Neumaier's sum: the error of a mean over some ten thousand points stays far below 1e-12. */
function mean(values: readonly number[]): number {
  let sum = 0;
  let rest = 0;
  for (const value of values) {
    const next = sum + value;
    rest += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (sum + rest) / values.length;
}

function holds(sink: RecordingSink, name: string, figures: Figures): boolean {
  const values = sink.values(name);
  if (values.length !== figures.n) return false;
  const finite = values.filter((value) => Number.isFinite(value));
  const count = (what: number): number => values.filter((value) => Object.is(value, what)).length;
  if (count(NaN) !== figures.n_nan || count(Infinity) !== figures.n_posinf) return false;
  if (finite.length !== figures.n_finite) return false;
  if (finite.length === 0) return true;
  const min = finite.reduce((a, b) => Math.min(a, b));
  const max = finite.reduce((a, b) => Math.max(a, b));
  return near(min, figures.min!) && near(max, figures.max!) && near(mean(finite), figures.mean_fsum_over_n!);
}

if (!existsSync(ROOT)) {
  test.skip("the real logs do not stand beside this checkout (../shared/data)", () => {});
} else {
  describe("each series of the real logs is found, with its figures", () => {
    for (const folder of readdirSync(ROOT, { withFileTypes: true })) {
      if (!folder.isDirectory() || TABLES.test(folder.name)) continue;
      const files = readdirSync(join(ROOT, folder.name)).filter((name) => name.endsWith(".expected.json"));
      for (const file of files) {
        const log = join(ROOT, folder.name, file.slice(0, -".expected.json".length));
        test.skipIf(!existsSync(log))(`${folder.name}/${file.slice(0, -".expected.json".length)}`, () => {
          const { sink } = readText(new Uint8Array(readFileSync(log)), log, 1 << 16);
          const series = expectedSeries(JSON.parse(readFileSync(join(ROOT, folder.name, file), "utf8")));
          if (series.length === 0) expect(sink.names.filter((name) => /loss/i.test(name))).toEqual([]);
          const lost = series.filter(
            ([, figures]) => figures.n > 0 && !sink.names.some((name) => holds(sink, name, figures)),
          );
          expect(lost.map(([name]) => name)).toEqual([]);
        });
      }
    }
  });
}

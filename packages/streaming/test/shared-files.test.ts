import { isLossflowError } from "@lossflow/core";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import { numbersFromColumn, type NumberRows } from "../src/columns/numbers-from-column.ts";
import { createPool } from "../src/pool/create-pool.ts";
import { runningLoss } from "../src/running-loss.ts";
import { Arena } from "../src/source/arena.ts";
import { memoryBytes } from "../src/source/memory-bytes.ts";
import { openTable } from "../src/source/open-table.ts";
import { columnsFromPayload } from "../src/worker/columns-from-payload.ts";
import { hasSharedData, sharedFiles, type SharedFile } from "./shared-data.ts";

interface ExpectedColumn {
  readonly n: number;
  readonly nulls: number;
  readonly n_nan: number;
  readonly min?: number;
  readonly max?: number;
  readonly mean_fsum_over_n?: number;
}

const NOT_NUMBERS = new Set(["LF_NOT_NUMERIC", "LF_NOT_A_NUMBER", "LF_SHAPE", "LF_INTEGER_NOT_EXACT"]);

/** Reads every column of a table on its own: its numbers, or the code with which it was refused. */
async function readColumns(
  bytes: Uint8Array,
): Promise<{ rows: number; columns: Map<string, NumberRows[] | string> }> {
  const table = await openTable(memoryBytes(bytes, "file"));
  const columns = new Map<string, NumberRows[] | string>();
  let rows = 0;
  for (const name of new Set(table.columns)) {
    const parts: NumberRows[] = [];
    columns.set(name, parts);
    rows = 0;
    for await (const segment of table.segments([name], new Arena(2))) {
      rows += segment.rows;
      const read = await columnsFromPayload(segment.payload, segment.rows, "file", 0);
      try {
        parts.push(
          numbersFromColumn(read.columns[0]!, { source: "file", column: name, firstRow: 0 }, { falseIs: 0 }),
        );
      } catch (error) {
        if (!isLossflowError(error) || error.code === "LF_INTERNAL") throw error;
        columns.set(name, error.code);
      }
    }
  }
  return { rows, columns };
}

function summarise(parts: readonly NumberRows[]): ExpectedColumn {
  const values = parts.flatMap(({ values, nulls }) => Array.from(values).filter((_, i) => nulls?.[i] !== 1));
  const n = parts.reduce((sum, part) => sum + part.values.length, 0);
  const numbers = values.filter((value) => !Number.isNaN(value));
  return {
    n,
    nulls: n - values.length,
    n_nan: values.length - numbers.length,
    min: numbers.reduce((a, b) => Math.min(a, b), Infinity),
    max: numbers.reduce((a, b) => Math.max(a, b), -Infinity),
    mean_fsum_over_n: numbers.reduce((sum, value) => sum + value / numbers.length, 0),
  };
}

const READABLE = [
  ...sharedFiles("arrow_golden"),
  ...sharedFiles("arrow_tables"),
  ...sharedFiles("parquet_tables"),
].filter(({ expected, name }) => expected["readable"] === true && !name.includes("duplicate_fieldnames"));
const HOSTILE = ["arrow_fuzz_file", "arrow_fuzz_stream", "parquet_fuzz", "csv_fuzz"].flatMap(sharedFiles);

if (!hasSharedData)
  test.skip("the real files are not there: ../shared/data beside the checkout", () => undefined);

describe.runIf(hasSharedData)("real files hold what an independent reader finds in them", () => {
  test.each(READABLE)("$name", async ({ bytes, expected }: SharedFile) => {
    const { rows, columns } = await readColumns(bytes);
    expect(rows).toBe(expected["rows"]);
    for (const [name, due] of Object.entries(expected["columns"] as Record<string, ExpectedColumn>)) {
      const found = columns.get(name)!;
      if (typeof found === "string") {
        // 64-bit integers past 2^53 have no exact double; the independent reader rounds them.
        expect([name, found]).toEqual([name, "LF_INTEGER_NOT_EXACT"]);
        continue;
      }
      const { n, nulls, n_nan, ...figures } = summarise(found);
      expect([name, n, nulls, n_nan]).toEqual([name, due.n, due.nulls, due.n_nan]);
      if (due.min === undefined) continue;
      expect([name, figures.min, figures.max]).toEqual([name, due.min, due.max]);
      expect(figures.mean_fsum_over_n! / due.mean_fsum_over_n!).toBeCloseTo(1, 9);
    }
  });
});

describe.runIf(hasSharedData)("hostile files end in an answer or a coded refusal", () => {
  test.each(HOSTILE)("$name", { timeout: 5000 }, async ({ bytes, expected }: SharedFile) => {
    const outcome = await readColumns(bytes).then(
      ({ rows, columns }) => ({
        rows,
        codes: [...columns.values()].filter((value) => typeof value === "string"),
      }),
      (error: unknown) => {
        if (!isLossflowError(error) || error.code === "LF_INTERNAL") throw error;
        return error.code;
      },
    );
    if (typeof outcome === "string") {
      expect(outcome).toMatch(/^LF_(?:ARROW|PARQUET|BAD_CSV|TRUNCATED|EMPTY|UNKNOWN_FORMAT|COMPRESSION)/);
    } else {
      expect(outcome.codes.filter((code) => !NOT_NUMBERS.has(code))).toEqual([]);
      if (typeof expected["rows"] === "number") expect(outcome.rows).toBe(expected["rows"]);
    }
  });
});

describe.runIf(hasSharedData)("real predictions have the figures that an independent library gives", () => {
  const pool = createPool({ workers: 1 });
  afterAll(() => pool.close());

  test.each(sharedFiles("predictions"))("$name", async ({ bytes, expected }: SharedFile) => {
    const due = expected["binary"] as Record<string, number | string>;
    const job = {
      losses: ["bce", "mse"],
      target: String(due["label"]),
      prediction: String(due["prob"]),
      pool,
    };
    const { results } = await lastValueFrom(runningLoss(bytes, job));
    expect(results[0]).toMatchObject({ count: due["n"], posInf: due["n_infinite_terms"] });
    expect(results[1]!.mean).toBeCloseTo(Number(due["brier"]), 14);
    if (due["n_infinite_terms"] === 0)
      expect(results[0]!.mean).toBeCloseTo(Number(due["log_loss_unclipped"]), 14);
  });
});

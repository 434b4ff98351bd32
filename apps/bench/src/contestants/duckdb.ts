import type { BenchCase } from "../bench-case.ts";
import type { BenchData } from "../bench-data.ts";
import { cpuSeconds, type Contestant } from "../contestant.ts";
import { peer } from "./peer.ts";

interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRows(): readonly (readonly number[])[] }>;
  createAppender(table: string): Promise<{
    appendDataChunk(chunk: unknown): void;
    flushSync(): void;
    closeSync(): void;
  }>;
}

interface DuckDb {
  readonly DuckDBInstance: {
    create(
      path: string,
      options: object,
    ): Promise<{ connect(): Promise<Connection & { closeSync(): void }>; closeSync(): void }>;
  };
  readonly DuckDBDataChunk: {
    create(types: readonly unknown[], rows: number): { setColumns(columns: readonly unknown[]): void };
  };
  readonly FLOAT: unknown;
}

const ENTROPY = "greatest(x::DOUBLE, 0) - x::DOUBLE * y + ln(1 + exp(-abs(x::DOUBLE)))";
const WRONG = "(1 / (1 + exp(-x::DOUBLE))) * (1 - y) + (1 / (1 + exp(x::DOUBLE))) * y";

const SQL: Readonly<Record<string, string>> = {
  mse: "(x::DOUBLE - t) * (x::DOUBLE - t)",
  mae: "abs(x::DOUBLE - t)",
  huber:
    "CASE WHEN abs(x::DOUBLE - t) <= 1 THEN 0.5 * (x::DOUBLE - t) * (x::DOUBLE - t) ELSE abs(x::DOUBLE - t) - 0.5 END",
  bce_logits: ENTROPY,
  focal_logits: `(0.25 * y + 0.75 * (1 - y)) * (${WRONG}) * (${WRONG}) * (${ENTROPY})`,
};

/** Rows of one of DuckDB's own chunks. */
const VECTOR = 2048;

/** DuckDB over a table in memory, one thread. */
export async function duckdbContestant(data: BenchData): Promise<Contestant | null> {
  const module = await peer("@duckdb/node-api");
  if (module === null) return null;
  const duckdb = module as unknown as DuckDb;
  const instance = await duckdb.DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run("CREATE TABLE data (x FLOAT, t FLOAT, y FLOAT)");
  const appender = await connection.createAppender("data");
  const types = [duckdb.FLOAT, duckdb.FLOAT, duckdb.FLOAT];
  const { prediction, targets } = data;
  for (let first = 0; first < data.numbers; first += VECTOR) {
    const end = Math.min(first + VECTOR, data.numbers);
    const chunk = duckdb.DuckDBDataChunk.create(types, end - first);
    const columns = [prediction, targets.numbers, targets.labels];
    chunk.setColumns(columns.map((column) => Array.from(column.subarray(first, end))));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  return {
    name: "DuckDB",
    prepare: async ({ name }: BenchCase) => {
      const sql = SQL[name];
      if (sql === undefined) return null;
      return async () => {
        const start = cpuSeconds();
        const result = await connection.runAndReadAll(`SELECT avg(${sql}) FROM data`);
        return { cpuSeconds: cpuSeconds() - start, mean: result.getRows()[0]![0]! };
      };
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

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
  readonly INTEGER: unknown;
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

/** Cross-entropy of a list x of logits, m the largest of them, y the class of the row, counted from 0. */
const ROWS = "m + ln(list_sum(list_transform(x, lambda v: exp(v - m)))) - x[y + 1]";

/** Rows of one of DuckDB's own chunks. */
const VECTOR = 2048;

/** DuckDB over a table in memory, one thread. */
export async function duckdbContestant(data: BenchData): Promise<Contestant | null> {
  const module = await peer("@duckdb/node-api");
  if (module === null || data.prediction instanceof Float64Array) return null;
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
  const rowsOf = async (classes: number, labels: Int32Array): Promise<void> => {
    const name = `rows${classes}`;
    await connection.run(`CREATE TABLE labels${classes} (y INTEGER)`);
    const add = await connection.createAppender(`labels${classes}`);
    for (let first = 0; first < labels.length; first += VECTOR) {
      const some = labels.subarray(first, first + VECTOR);
      const chunk = duckdb.DuckDBDataChunk.create([duckdb.INTEGER], some.length);
      chunk.setColumns([Array.from(some)]);
      add.appendDataChunk(chunk);
    }
    add.closeSync();
    await connection.run(
      `CREATE TABLE ${name} AS SELECT x, y FROM (SELECT rowid // ${classes} AS r, list(x ORDER BY rowid) AS x FROM data GROUP BY r) ` +
        `JOIN (SELECT rowid AS r, y FROM labels${classes}) USING (r)`,
    );
  };
  return {
    name: "DuckDB",
    prepare: async ({ name, classes, target }: BenchCase) => {
      const sql = SQL[name] ?? ROWS;
      const table = classes === 1 ? "data" : `(SELECT x, y, list_max(x)::DOUBLE AS m FROM rows${classes})`;
      if (classes > 1) await rowsOf(classes, targets[target] as Int32Array);
      return async () => {
        const start = cpuSeconds();
        const result = await connection.runAndReadAll(`SELECT avg(${sql}) FROM ${table}`);
        return { cpuSeconds: cpuSeconds() - start, mean: result.getRows()[0]![0]! };
      };
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

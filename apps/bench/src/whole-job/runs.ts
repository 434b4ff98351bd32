import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { peer } from "../contestants/peer.ts";

/** One run of a whole program. */
export interface Run {
  readonly wall: number;
  readonly cpu: number;
  readonly mean: number;
  /** Highest resident memory, in MB, where it is known. */
  readonly peak?: number;
}

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL("../../../monitor/dist/main.js", import.meta.url));
/** Has a process say at its end what it took. */
const TELL = `process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  console.error(JSON.stringify({ cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS / 1024 }));
})`;

/** `lossflow eval`, from its start to its end. */
export async function evalRun(file: string, loss: string, workers: number): Promise<Run> {
  const began = performance.now();
  const { stdout, stderr } = await run(process.execPath, [
    "--import",
    `data:text/javascript,${encodeURIComponent(TELL)}`,
    COMMAND,
    "eval",
    file,
    `--loss=${loss}`,
    "--target=y",
    "--prediction=p",
    `--workers=${workers}`,
    "--json",
  ]);
  const wall = (performance.now() - began) / 1000;
  const { results } = JSON.parse(stdout) as { results: readonly { mean: number }[] };
  const { cpu, peak } = JSON.parse(stderr) as { cpu: number; peak: number };
  return { wall, cpu, mean: results[0]!.mean, peak };
}

/** native/sum-file.c, compiled as `program`. */
export async function sumRun(program: string, file: string, threads: number, rows: number): Promise<Run> {
  const { stdout } = await run(program, [file, String(threads)]);
  const [wall, cpu, sum] = stdout.split(" ").map(Number);
  return { wall: wall!, cpu: cpu!, mean: sum! / rows };
}

interface DuckDb {
  readonly DuckDBInstance: {
    create(
      path: string,
      options: object,
    ): Promise<{
      connect(): Promise<{
        runAndReadAll(sql: string): Promise<{ getRows(): readonly (readonly number[])[] }>;
      }>;
    }>;
  };
}

/** Rows that differ; its table repeats them, and has up to so many more than asked for. */
const SOME = 2 ** 20;

/** DuckDB with two threads over a Parquet file of about as many rows, which it writes itself; null where it is not installed. */
export async function duckdbRuns(file: string, rows: number): Promise<(() => Promise<Run>) | null> {
  const module = await peer("@duckdb/node-api");
  if (module === null) return null;
  const { DuckDBInstance } = module as unknown as DuckDb;
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
  await connection.runAndReadAll(
    `CREATE TABLE some AS SELECT (random() < 0.5)::INT::FLOAT AS y, (12 * random() - 6)::FLOAT AS p FROM range(${SOME})`,
  );
  await connection.runAndReadAll(
    `COPY (SELECT y, p FROM range(${Math.ceil(rows / SOME)}), some) TO '${file}' (FORMAT parquet, COMPRESSION uncompressed)`,
  );
  return async () => {
    const began = performance.now();
    const before = process.cpuUsage();
    const result = await connection.runAndReadAll(
      `SELECT avg((p::DOUBLE - y) * (p::DOUBLE - y)) FROM '${file}'`,
    );
    const { user, system } = process.cpuUsage(before);
    const wall = (performance.now() - began) / 1000;
    return { wall, cpu: (user + system) / 1e6, mean: result.getRows()[0]![0]! };
  };
}

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
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
/**
 * Has a process say at its end what it took. Of its memory Linux is asked through /proc: maxRSS of a process counts what
 * the one that started it had in use.
 */
const TELL = `import { readFileSync } from "node:fs";
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const peak = Number(/VmHWM:\\s+(\\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
  console.error(JSON.stringify({ cpu: (user + system) / 1e6, peak }));
})`;

/** `lossflow eval`, from its start to its end; `more` are options besides. All groups are printed. */
export async function evalRun(
  file: string,
  losses: readonly string[],
  workers: number,
  more: readonly string[] = [],
): Promise<Run> {
  const began = performance.now();
  const { stdout, stderr } = await runToFile([
    "--import",
    `data:text/javascript,${encodeURIComponent(TELL)}`,
    COMMAND,
    "eval",
    file,
    ...losses.map((loss) => `--loss=${loss}`),
    "--target=y",
    "--prediction=p",
    `--workers=${workers}`,
    "--json",
    ...more,
  ]);
  const wall = (performance.now() - began) / 1000;
  const mean = Number(/"mean":([^,]+),/.exec(stdout)?.[1]);
  const { cpu, peak } = JSON.parse(stderr) as { cpu: number; peak: number };
  return { wall, cpu, mean, peak };
}

/** Runs Node, and gives the first of what it prints: a million groups are longer than a text may be. */
async function runToFile(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (stdout.length < MOST_KEPT) stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`lossflow eval ended with ${code}: ${stderr}`);
  return { stdout, stderr };
}

const MOST_KEPT = 65_536;

/** native/sum-file.c, compiled as `program`. */
export async function sumRun(program: string, file: string, threads: number, rows: number): Promise<Run> {
  const { stdout } = await run(program, [file, String(threads)]);
  const [wall, cpu, sum] = stdout.split(" ").map(Number);
  return { wall: wall!, cpu: cpu!, mean: sum! / rows };
}

export interface DuckDb {
  readonly DuckDBInstance: {
    create(
      path: string,
      options: object,
    ): Promise<{
      connect(): Promise<{
        runAndReadAll(sql: string): Promise<{ getRows(): readonly (readonly number[])[] }>;
        closeSync(): void;
      }>;
    }>;
  };
}

/** Rows that differ; its table repeats them, and has up to so many more than asked for. */
const SOME = 2 ** 20;

/**
 * DuckDB with two threads over a Parquet file of about as many rows, which it writes itself; null where it is not
 * installed. With `groups` it writes the mean, count, least and greatest of each, in order, to a CSV file.
 */
export async function duckdbRuns(
  file: string,
  rows: number,
  groups: number = 0,
): Promise<(() => Promise<Run>) | null> {
  const module = await peer("@duckdb/node-api");
  if (module === null) return null;
  const { DuckDBInstance } = module as unknown as DuckDb;
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
  await connection.runAndReadAll(
    `CREATE TABLE base AS SELECT (random() < 0.5)::INT::FLOAT AS y, (12 * random() - 6)::FLOAT AS p, floor(${groups} * random())::INT AS g FROM range(${SOME})`,
  );
  await connection.runAndReadAll(
    `COPY (SELECT y, p${groups === 0 ? "" : `, ((range * 7919 + g) % ${groups})::INT AS g`} FROM range(${Math.ceil(rows / SOME)}), base) TO '${file}' (FORMAT parquet, COMPRESSION uncompressed)`,
  );
  return async () => {
    const began = performance.now();
    const before = process.cpuUsage();
    const loss = "(p::DOUBLE - y) * (p::DOUBLE - y)";
    const result = await connection.runAndReadAll(
      groups === 0
        ? `SELECT avg(${loss}) FROM '${file}'`
        : `COPY (SELECT g, avg(${loss}), count(*), min(${loss}), max(${loss}) FROM '${file}' GROUP BY g ORDER BY g) TO '${file}.csv'`,
    );
    const { user, system } = process.cpuUsage(before);
    const wall = (performance.now() - began) / 1000;
    return { wall, cpu: (user + system) / 1e6, mean: result.getRows()[0]![0]! };
  };
}

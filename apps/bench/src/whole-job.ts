import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { commandLine } from "./command-line.ts";
import { formatTable } from "./format-table.ts";
import { duckdbRuns, evalRun, sumRun, type Run } from "./whole-job/runs.ts";
import { writeTable } from "./whole-job/write-table.ts";

const FLAGS = ["-O3", "-march=x86-64-v3", "-ffast-math", "-pthread"];

const values = commandLine(
  "Whole programs over an Arrow file of two float32 columns: lossflow eval, C, DuckDB.",
  {
    rows: { means: "rows of each file, commas between", default: "100000000", values: "numbers" },
    rounds: { means: "rounds in turn", default: "3", values: "number" },
    folder: {
      means: "where the files are written, 8 bytes a row and more",
      default: tmpdir(),
      values: "folder",
    },
  },
);
const rounds = Number(values.rounds);

console.log(
  `${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.version}; gcc ${FLAGS.join(" ")}.`,
);
for (const rows of values.rows.split(",").map(Number)) await report(rows);

/** Writes a table of so many rows, runs all programs over it in turn, and prints what they took. */
async function report(rows: number): Promise<void> {
  const folder = await mkdtemp(join(values.folder, "lossflow-whole-job-"));
  try {
    const table = join(folder, "table.arrow");
    await writeTable(table, rows);
    const program = join(folder, "sum-file");
    const source = fileURLToPath(new URL("../native/sum-file.c", import.meta.url));
    await promisify(execFile)("gcc", [...FLAGS, source, "-o", program]);
    const duckdb = await duckdbRuns(join(folder, "table.parquet"), rows);
    const programs: (readonly [string, () => Promise<Run>])[] = [
      ["C, 1 thread: mse", () => sumRun(program, table, 1, rows)],
      ["C, 2 threads: mse", () => sumRun(program, table, 2, rows)],
      ["lossflow eval, 2 workers: mse", () => evalRun(table, ["mse"], 2)],
      ["lossflow eval, 1 worker: mse", () => evalRun(table, ["mse"], 1)],
      ["lossflow eval, 2 workers: bce_logits", () => evalRun(table, ["bce_logits"], 2)],
      ["lossflow eval, 1 worker: bce_logits", () => evalRun(table, ["bce_logits"], 1)],
      ...(duckdb === null ? [] : [["DuckDB, 2 threads: mse, Parquet", duckdb] as const]),
    ];
    const runs = programs.map((): Run[] => []);
    // The first round brings the files into the page cache.
    for (let round = -1; round < rounds; round++) {
      for (const [i, [, once]] of programs.entries()) {
        const one = await once();
        if (round >= 0) runs[i]!.push(one);
      }
    }
    const median = (i: number, of: (run: Run) => number): number =>
      runs[i]!.map(of).sort((a, b) => a - b)[rounds >> 1]!;
    const reference = median(0, ({ wall }) => wall);
    console.log(`\n${rows} rows, ${rounds} rounds in turn, medians\n`);
    const lines = programs.map(([name], i) => [
      name,
      median(i, ({ wall }) => wall).toFixed(3),
      median(i, ({ cpu }) => cpu).toFixed(3),
      (reference / median(i, ({ wall }) => wall)).toFixed(2),
      runs[i]![0]!.peak === undefined ? "" : median(i, ({ peak }) => peak!).toFixed(0),
    ]);
    const head = ["", "wall s", "CPU s", "speed of C, 1 thread", "peak MB"];
    console.log(formatTable([head, ...lines]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

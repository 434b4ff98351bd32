import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine } from "./command-line.ts";
import { formatTable } from "./format-table.ts";
import { duckdbRuns, evalRun, type Run } from "./whole-job/runs.ts";
import { writeTable, type Keys } from "./whole-job/write-table.ts";

const LOSSES = ["mse", "mae", "huber", "log_cosh", "bce_logits"];
const SHARES = ["0.1", "0.5", "0.9", "0.99"];

const values = commandLine("lossflow eval --by beside DuckDB, whole programs.", {
  rows: { means: "rows of the file", default: "10000000", values: "number" },
  groups: { means: "counts of groups, commas between", default: "1000,1000000", values: "numbers" },
  keys: {
    means: "kinds of keys, commas between: int, text, long",
    default: "int",
    values: ["int", "text", "long"],
  },
  losses: { means: "losses, commas between; beside DuckDB mse alone", default: "mse", values: LOSSES },
  quantiles: { means: "their quantiles, such as 0.5,0.99", default: "", values: SHARES },
  workers: { means: "counts of workers, commas between", default: "2,1", values: "workers" },
  rounds: { means: "rounds in turn", default: "3", values: "number" },
  folder: { means: "where the files are written", default: tmpdir(), values: "folder" },
});
const rounds = Number(values.rounds);
const rows = Number(values.rows);
const workers = values.workers.split(",").map(Number);
const losses = values.losses.split(",");
const options = ["--by=g", ...(values.quantiles === "" ? [] : [`--quantiles=${values.quantiles}`])];
const isPlain = values.losses === "mse" && values.quantiles === "";

console.log(`${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.version}.`);
for (const keys of values.keys.split(",") as Keys[])
  for (const groups of values.groups.split(",").map(Number)) await report(groups, keys);

/** Groups a table by a column of so many keys, in turn by each program, and prints what they took. */
async function report(groups: number, keys: Keys): Promise<void> {
  const folder = await mkdtemp(join(values.folder, "lossflow-group-by-"));
  try {
    const table = join(folder, "table.arrow");
    await writeTable(table, rows, groups, keys);
    const duckdb =
      keys === "int" && isPlain ? await duckdbRuns(join(folder, "table.parquet"), rows, groups) : null;
    const programs: (readonly [string, () => Promise<Run>])[] = [
      ...workers.map(
        (count) =>
          [
            `lossflow eval, ${count} ${count === 1 ? "worker" : "workers"}`,
            () => evalRun(table, losses, count, options),
          ] as const,
      ),
      ...(duckdb === null ? [] : [["DuckDB, 2 threads: avg, count, min, max; Parquet", duckdb] as const]),
    ];
    const runs = programs.map((): Run[] => []);
    for (let round = -1; round < rounds; round++) {
      for (const [i, [, once]] of programs.entries()) {
        const one = await once();
        if (round >= 0) runs[i]!.push(one);
      }
    }
    const what = `${values.losses}${values.quantiles === "" ? "" : ` with the quantiles ${values.quantiles}`}`;
    const median = (i: number, of: (run: Run) => number): string => {
      const sorted = runs[i]!.map(of).sort((a, b) => a - b);
      return sorted[rounds >> 1]!.toFixed(2);
    };
    console.log(
      `\n${what} of ${rows} rows by ${groups} groups (${keys}), ${rounds} rounds in turn, medians\n`,
    );
    const lines = programs.map(([name], i) => [
      name,
      median(i, ({ wall }) => wall),
      median(i, ({ cpu }) => cpu),
      runs[i]![0]!.peak === undefined ? "" : median(i, ({ peak }) => peak!),
    ]);
    console.log(formatTable([["", "wall s", "CPU s", "peak MB"], ...lines]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

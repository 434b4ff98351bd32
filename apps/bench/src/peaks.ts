import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine } from "./command-line.ts";
import { peer } from "./contestants/peer.ts";
import { formatTable } from "./format-table.ts";
import { evalRun, type DuckDb } from "./whole-job/runs.ts";
import { writeTable } from "./whole-job/write-table.ts";

const TEN =
  "mse mae huber log_cosh bce_logits focal_logits smooth_l1 quantile huber:delta=2 focal_logits:gamma=1".split(
    " ",
  );
/** Rows of a row group as DuckDB writes them if it is not told otherwise. */
const USUAL_GROUP = 122_880;
const QUANTILES = "--quantiles=0.5,0.99";

/** A job whose results or files are large; `file` writes what it reads. */
interface Job {
  readonly name: string;
  readonly losses: readonly string[];
  readonly more: readonly string[];
  readonly file: (path: string) => Promise<void>;
}

const arrow =
  (rows: number, groups: number = 0): Job["file"] =>
  (path) =>
    writeTable(path, rows, groups);

const JOBS: Readonly<Record<string, readonly Job[]>> = {
  windows: [
    {
      name: "100 million rows, 3 losses with quantiles, windows of a million rows",
      losses: TEN.slice(0, 3),
      more: ["--window=rows:1000000", QUANTILES],
      file: arrow(1e8),
    },
    ...[20, 200].map((width) => ({
      name: `20 million rows, windows of ${width} rows`,
      losses: ["mse"],
      more: [`--window=rows:${width}`],
      file: arrow(2e7),
    })),
    {
      name: "20 million rows, 10 losses with quantiles, windows of 200,000 rows",
      losses: TEN,
      more: ["--window=rows:200000", QUANTILES],
      file: arrow(2e7),
    },
  ],
  groups: [
    {
      name: "100 million rows by 10,000 groups",
      losses: ["mse"],
      more: ["--by=g"],
      file: arrow(1e8, 10_000),
    },
  ],
  parquet: [
    ...["uncompressed", "snappy", "zstd"].map((codec) => parquet(codec, 1e7, 1e7)),
    parquet("uncompressed", 4e7, 1e7),
    parquet("snappy", 4e7, USUAL_GROUP),
  ],
  lists: [
    ...["uncompressed", "snappy", "zstd"].map((codec) => lists(codec, 2e6, 2e6)),
    lists("snappy", 8e6, 2e6),
    lists("snappy", 8e6, USUAL_GROUP),
  ],
};

const values = commandLine("The highest memory of lossflow eval where results or files are large.", {
  only: {
    means: "kinds of jobs, commas between",
    default: Object.keys(JOBS).join(","),
    values: Object.keys(JOBS),
  },
  workers: { means: "counts of workers, commas between", default: "2", values: "workers" },
  rounds: { means: "how often each runs", default: "3", values: "number" },
  folder: { means: "where the files are written, up to a GB", default: tmpdir(), values: "folder" },
});
const rounds = Number(values.rounds);
const kinds = values.only.split(",");
const duckDb = (await peer("@duckdb/node-api")) as unknown as DuckDb | null;
if (duckDb === null && (kinds.includes("parquet") || kinds.includes("lists"))) {
  console.error(
    "DuckDB writes the Parquet files, and is not there: npm run bench:peers installs it; --only windows,groups does without.",
  );
  process.exit(2);
}

console.log(`${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.version}; peaks in MB.\n`);
const counts = values.workers.split(",").map(Number);
const lines: string[][] = [];
for (const job of kinds.flatMap((kind) => JOBS[kind] ?? [])) {
  const folder = await mkdtemp(join(values.folder, "lossflow-peaks-"));
  try {
    const path = join(folder, "table");
    await job.file(path);
    const peaks: string[] = [];
    for (const workers of counts) {
      const runs: number[] = [];
      for (let round = 0; round < rounds; round++)
        runs.push((await evalRun(path, job.losses, workers, job.more)).peak!);
      peaks.push(runs.map((peak) => peak.toFixed(0)).join(" "));
    }
    lines.push([job.name, ...peaks]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
console.log(
  formatTable([["", ...counts.map((count) => `${count} ${count === 1 ? "worker" : "workers"}`)], ...lines]),
);

/** Two columns of floats, in row groups of one page a column. */
function parquet(codec: string, rows: number, group: number): Job {
  const columns = "(random() < 0.5)::INT::FLOAT AS y, (12 * random() - 6)::FLOAT AS p";
  return {
    name: `Parquet, ${codec}: ${rows} rows of two floats in groups of ${group}`,
    losses: ["mse"],
    more: [],
    file: duckdb(columns, codec, rows, group),
  };
}

/** Rows of ten logits as a list, in row groups of one page a column. */
function lists(codec: string, rows: number, group: number): Job {
  const list = `[${Array<string>(10).fill("(12 * random() - 6)::FLOAT").join(", ")}]`;
  return {
    name: `Parquet, ${codec}: ${rows} rows of a label and a list of ten floats in groups of ${group}`,
    losses: ["scce_logits"],
    more: [],
    file: duckdb(`(range % 10)::INT AS y, ${list} AS p`, codec, rows, group),
  };
}

function duckdb(columns: string, codec: string, rows: number, group: number): Job["file"] {
  return async (path) => {
    const connection = await (await duckDb!.DuckDBInstance.create(":memory:", { threads: "1" })).connect();
    await connection.runAndReadAll(
      `COPY (SELECT ${columns} FROM range(${rows})) TO '${path}' (FORMAT parquet, COMPRESSION ${codec}, ROW_GROUP_SIZE ${group})`,
    );
    connection.closeSync();
  };
}

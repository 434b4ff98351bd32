import { cpus } from "node:os";
import { TABLE_BYTES, WORKSPACE_BYTES } from "@lossflow/kernels";
import { CASES, type BenchCase } from "./bench-case.ts";
import { benchData, benchDataBytes, type RealsType } from "./bench-data.ts";
import { commandLine } from "./command-line.ts";
import { GCC, startCProgram } from "./contestants/c-program.ts";
import { duckdbContestant } from "./contestants/duckdb.ts";
import { coreContestant, kernelsContestant } from "./contestants/engine.ts";
import { tfjsContestants } from "./contestants/tfjs-wasm.ts";
import type { Contestant, Pass } from "./contestant.ts";
import { measure, type Measured } from "./measure.ts";
import { reportTable, type CaseResult } from "./report-table.ts";

const values = commandLine(
  "The kernels beside C, core, TensorFlow.js and DuckDB: speed and accuracy, one thread.",
  {
    numbers: { means: "numbers in a column", default: String(2 ** 23), values: "number" },
    rounds: { means: "rounds in turn", default: "9", values: "number" },
    only: {
      means: "one loss or several with commas between; all if not given",
      default: "",
      values: CASES.map(({ name }) => name),
    },
    columns: { means: "float32 or float64; both if not given", default: "", values: ["float32", "float64"] },
  },
);
const numbers = Number(values.numbers);
const rounds = Number(values.rounds);
const PAGE = 65_536;

console.log(
  `${numbers} numbers in chunks of 65,536, from memory; ${rounds} rounds in turn; ${cpus()[0]?.model}, Node ${process.version}.`,
);
console.log(
  `CPU nanoseconds a number, median (lowest to highest); ratios are medians over the rounds. C: ${GCC}.`,
);
for (const [name, type] of [
  ["float32", Float32Array],
  ["float64", Float64Array],
] as const) {
  if (values.columns !== "" && !values.columns.split(",").includes(name)) continue;
  console.log(`\n## ${name} columns\n`);
  console.log(reportTable(await resultsOf(type)));
}

type Step = () => Promise<Pass>;

async function resultsOf(type: RealsType): Promise<readonly CaseResult[]> {
  const offset = TABLE_BYTES + WORKSPACE_BYTES;
  const pages = Math.ceil((offset + benchDataBytes(type, numbers)) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages });
  const data = benchData(type, numbers, memory.buffer, offset);
  const program = await startCProgram(data);
  const tfjs = await tfjsContestants(data);
  const engines = {
    kernels: kernelsContestant(data, { memory, workspace: TABLE_BYTES }),
    core: coreContestant(data),
    tfjs: tfjs?.streaming,
    tfjsPlaced: tfjs?.placed,
    duckdb: await duckdbContestant(data),
  };
  const results: CaseResult[] = [];
  for (const benchCase of CASES) {
    if (values.only === "" || values.only.split(",").includes(benchCase.name))
      results.push(await resultOf(benchCase));
  }
  for (const engine of Object.values(engines)) await engine?.close();
  await program?.close();
  return results;

  async function resultOf(benchCase: BenchCase): Promise<CaseResult> {
    const { name, baseline, classes } = benchCase;
    const pass = async (engine: Contestant | null | undefined): Promise<Step | null> =>
      (await engine?.prepare(benchCase)) ?? null;
    const loop = (of: string): Step | null => program?.pass(of, classes) ?? null;
    // Between two that read the same bytes come others, each of its own 64 MB: what of them is still in the cache would be a
    // gain. Nor do the kernels come after an engine whose threads may still be at work, as their time counts.
    const steps: Readonly<Record<string, Step | null>> = {
      c: loop(name),
      kernels: await pass(engines.kernels),
      core: await pass(engines.core),
      ...(baseline === name ? {} : { baseline: loop(baseline) }),
      tfjs: await pass(engines.tfjs),
      tfjsPlaced: await pass(engines.tfjsPlaced),
      duckdb: await pass(engines.duckdb),
    };
    const passes = new Map(Object.entries(steps).filter((step): step is [string, Step] => step[1] !== null));
    const measured = await measure([...passes.values()], numbers, rounds);
    const by = Object.fromEntries([...passes.keys()].map((key, i) => [key, measured[i]!]));
    return { benchCase, baseline: by["c"], ...by } as CaseResult & Record<string, Measured>;
  }
}

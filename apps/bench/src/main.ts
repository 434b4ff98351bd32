import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { TABLE_BYTES, WORKSPACE_BYTES } from "@lossflow/kernels";
import { CASES, type BenchCase } from "./bench-case.ts";
import { benchData, benchDataBytes } from "./bench-data.ts";
import { GCC, startCProgram, type CProgram } from "./contestants/c-program.ts";
import { duckdbContestant } from "./contestants/duckdb.ts";
import { coreContestant, kernelsContestant } from "./contestants/engine.ts";
import { tfjsContestant } from "./contestants/tfjs-wasm.ts";
import type { Contestant, Pass } from "./contestant.ts";
import { formatTable } from "./format-table.ts";
import { measure } from "./measure.ts";

const { values } = parseArgs({
  options: {
    numbers: { type: "string", default: String(2 ** 23) },
    rounds: { type: "string", default: "9" },
    only: { type: "string" },
  },
});
const numbers = Number(values.numbers);
const rounds = Number(values.rounds);

const PAGE = 65_536;
const offset = TABLE_BYTES + WORKSPACE_BYTES;
const memory = new WebAssembly.Memory({ initial: Math.ceil((offset + benchDataBytes(numbers)) / PAGE) });
const data = benchData(numbers, memory.buffer, offset);
const c = await startCProgram(data);
const contestants = [
  kernelsContestant(data, { memory, workspace: TABLE_BYTES }),
  coreContestant(data),
  await tfjsContestant(data),
  await duckdbContestant(data),
].filter((contestant) => contestant !== null);

console.log(
  `${numbers} numbers in chunks of 65,536, from memory; ${rounds} rounds in turn; ${cpus()[0]?.model}, Node ${process.version}.`,
);
console.log(`ns: CPU nanoseconds a number, median (lowest to highest). C: ${c === null ? "no gcc" : GCC}.\n`);
for (const benchCase of CASES) {
  if (values.only === undefined || values.only === benchCase.name) await report(benchCase, contestants, c);
}
for (const contestant of contestants) await contestant.close();
await c?.close();

/** Measures one case and prints its table. The mean of core is the exact one. */
async function report(
  benchCase: BenchCase,
  all: readonly Contestant[],
  program: CProgram | null,
): Promise<void> {
  const entries: { name: string; pass: () => Promise<Pass> }[] = [];
  for (const contestant of all) {
    const pass = await contestant.prepare(benchCase);
    if (pass !== null) entries.push({ name: contestant.name, pass });
  }
  const { name, baseline, classes, goal } = benchCase;
  if (program !== null) {
    entries.push({ name: `C ${name}`, pass: program.pass(name, classes) });
    if (baseline !== name)
      entries.push({ name: "C reads the columns", pass: program.pass(baseline, classes) });
  }
  const measured = await measure(
    entries.map(({ pass }) => pass),
    numbers,
    rounds,
  );
  const at = (wanted: string): number => entries.findIndex((entry) => entry.name === wanted);
  const kernels = measured[at("kernels")]!;
  const exact = measured[at("core")]!.mean;
  const rows = entries.map((entry, i) => {
    const { median, low, high, mean } = measured[i]!;
    const reads = entry.name === "C reads the columns";
    return [
      entry.name,
      median.toFixed(3),
      `${low.toFixed(3)} to ${high.toFixed(3)}`,
      (median / kernels.median).toFixed(2),
      reads ? "" : Math.abs(mean / exact - 1).toExponential(1),
    ];
  });
  console.log(`## ${name}\n`);
  console.log(
    formatTable([["", "ns", "range", "times the kernels' time", "relative error of the mean"], ...rows]),
  );
  const base = measured.at(-1)!;
  if (program !== null) {
    const reached = base.median / kernels.median;
    console.log(`\n${reached.toFixed(2)} of the speed of ${entries.at(-1)!.name}; to reach: ${goal}.`);
  }
  console.log();
}

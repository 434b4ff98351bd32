import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogSink } from "@lossflow/logs";
import { DescriptorBudget, discoverRuns, followRun } from "@lossflow/logs/node";
import { commandLine } from "./command-line.ts";

/* Follows many files at once: the CPU that quiet ones cost, and how long a new line takes to its subscriber. */

const values = commandLine("Many growing files followed at once: how late lines arrive.", {
  files: { means: "files", default: "10000", values: "number" },
  seconds: { means: "how long", default: "10", values: "number" },
});
const files = Number(values.files);
const folder = mkdtempSync(join(tmpdir(), "lossflow-bench-"));
const pathOf = (i: number): string => join(folder, `run-${i}.jsonl`);
const line = (step: number): string => `${JSON.stringify({ step, loss: 2 + 1 / (step + 1) })}\n`;

/** When each file's latest line was written, and how long it took to arrive. */
const written = new Float64Array(files);
const delays: number[] = [];
let points = 0;

function subscriber(file: number): LogSink {
  return {
    series: () => 0,
    point: (_series, _value, place) => {
      points++;
      if (place.step >= 3) delays.push(performance.now() - written[file]!);
    },
    event: () => {},
  };
}

function cpuShare(start: NodeJS.CpuUsage, since: number): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e3 / (performance.now() - since);
}

for (let i = 0; i < files; i++) writeFileSync(pathOf(i), line(0) + line(1) + line(2));
const stop = new AbortController();
const budget = new DescriptorBudget();
const begin = performance.now();
const beginCpu = process.cpuUsage();
const followed = discoverRuns([folder]).map((run) => {
  const file = Number(/(\d+)\.jsonl$/.exec(run.paths[0]!)![1]);
  return followRun(run, subscriber(file), { signal: stop.signal, budget });
});
const isRead = (): boolean => points >= 3 * files;
while (!isRead()) await sleep(50);
console.log(
  `${files} files of 3 lines read after ${((performance.now() - begin) / 1e3).toFixed(2)} s, ${(cpuShare(beginCpu, begin) * 100).toFixed(0)} % of a core.`,
);

const idleSince = performance.now();
const idleCpu = process.cpuUsage();
await sleep(Number(values.seconds) * 500);
console.log(`Quiet: ${(cpuShare(idleCpu, idleSince) * 100).toFixed(1)} % of a core.`);

const busySince = performance.now();
const busyCpu = process.cpuUsage();
let most = 0;
for (let step = 3; performance.now() - busySince < Number(values.seconds) * 500; step++) {
  const file = (step * 7919) % files;
  written[file] = performance.now();
  appendFileSync(pathOf(file), line(step));
  most = Math.max(most, readdirSync("/proc/self/fd").length);
  await sleep(10);
}
await sleep(500);
stop.abort();
await Promise.all(followed.map(({ done }) => done));
delays.sort((a, b) => a - b);
const at = (share: number): string => delays[Math.floor(share * (delays.length - 1))]!.toFixed(0);
console.log(
  `A line each 10 ms: ${delays.length} arrived, after ${at(0.5)} ms (median), ${at(0.99)} ms (99 of 100), ${at(1)} ms at most; ` +
    `${(cpuShare(busyCpu, busySince) * 100).toFixed(0)} % of a core, ${most} descriptors at most.`,
);
rmSync(folder, { recursive: true });

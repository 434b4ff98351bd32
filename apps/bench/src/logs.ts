import { cpus } from "node:os";
import { commandLine } from "./command-line.ts";
import { formatTable } from "./format-table.ts";
import { logContestants } from "./logs/log-contestants.ts";
import { sampleLogs } from "./logs/sample-logs.ts";
import { measure } from "./measure.ts";
import { cpuSeconds } from "./contestant.ts";

const values = commandLine("The log readers beside naive readers and uDSV.", {
  megabytes: { means: "size of each log", default: "24", values: "number" },
  rounds: { means: "rounds in turn", default: "7", values: "number" },
  only: {
    means: "kinds of logs, commas between; all if not given",
    default: "",
    values: ["jsonl", "csv", "text", "tfevents"],
  },
});
const size = Number(values.megabytes) * 1e6;

console.log(
  `${values.megabytes} MB of each log in chunks of 256 KiB, from memory; ${values.rounds} rounds in turn; ${cpus()[0]?.model}, Node ${process.version}.`,
);
console.log("MB/s: of CPU time, median (lowest to highest).\n");
for (const log of sampleLogs(size)) {
  if (!values.only.split(",").some((kind) => log.name.startsWith(kind))) continue;
  const contestants = await logContestants(log);
  const measured = await measure(
    contestants.map(({ read }) => async () => {
      const start = cpuSeconds();
      const { count, sum } = read();
      return { cpuSeconds: cpuSeconds() - start, mean: sum / count };
    }),
    log.bytes.length,
    Number(values.rounds),
  );
  const speed = (nanoseconds: number): string => (1e3 / nanoseconds).toFixed(0);
  const rows = contestants.map(({ name }, i) => {
    const { median, low, high, mean } = measured[i]!;
    const ratio = median / measured[0]!.median;
    return [name, speed(median), `${speed(high)} to ${speed(low)}`, ratio.toFixed(2), String(mean)];
  });
  console.log(`## ${log.name}\n`);
  console.log(formatTable([["", "MB/s", "range", "times our time", "mean"], ...rows]));
  console.log();
}

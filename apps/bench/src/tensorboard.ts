import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLine } from "./command-line.ts";
import { formatTable } from "./format-table.ts";
import { eventFile } from "./logs/sample-logs.ts";

const values = commandLine("Event files read by lossflow and by the loader of TensorBoard.", {
  python: { means: "a Python that has tensorboard", default: "python3", values: "program" },
  runs: { means: "files", default: "1000", values: "number" },
  points: { means: "points of a file", default: "1000", values: "number" },
  rounds: { means: "rounds in turn", default: "3", values: "number" },
});

interface Loaded {
  readonly points: number;
  readonly sum: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

const folder = mkdtempSync(join(tmpdir(), "lossflow-bench-"));
try {
  const bytes = eventFile(Number.POSITIVE_INFINITY, Number(values.points));
  for (let run = 0; run < Number(values.runs); run++) {
    mkdirSync(join(folder, `run-${run}`));
    writeFileSync(join(folder, `run-${run}`, "events.out.tfevents.1700000000.host"), bytes);
  }
  const loaders = [
    {
      name: "@lossflow/logs",
      command: process.execPath,
      script: fileURLToPath(new URL("./tensorboard/load-event-files.js", import.meta.url)),
    },
    {
      name: "TensorBoard's event accumulator",
      command: values.python,
      script: fileURLToPath(new URL("../python/load_event_files.py", import.meta.url)),
    },
  ];
  const loaded = loaders.map((): Loaded[] => []);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [i, { command, script }] of loaders.entries()) {
      const text = execFileSync(command, [script, folder], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      loaded[i]!.push(JSON.parse(text) as Loaded);
    }
  }
  const medians = loaded.map(
    (some) => [...some].sort((a, b) => a.cpuSeconds - b.cpuSeconds)[some.length >> 1]!,
  );
  console.log(
    `${values.runs} runs of ${values.points} points, ${(bytes.length / 1e3).toFixed(0)} kB each; median of ${values.rounds} rounds in turn, without starting up.\n`,
  );
  const rows = medians.map(({ points, sum, wallSeconds, cpuSeconds }, i) => [
    loaders[i]!.name,
    cpuSeconds.toFixed(2),
    wallSeconds.toFixed(2),
    (cpuSeconds / medians[0]!.cpuSeconds).toFixed(1),
    String(points),
    sum.toPrecision(12),
  ]);
  console.log(formatTable([["", "CPU s", "wall s", "times our CPU", "points", "sum"], ...rows]));
} finally {
  rmSync(folder, { recursive: true });
}

// Measures the memory that a series takes after more and more points: its figures, detectors, smoothings and buckets, as
// the page and the terminal keep them. Needs what `npm test` builds. Usage: node scripts/memory-of-series.mjs
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { RunFold } from "../dist/compute/run-fold.js";
import { PAGE_RESOLUTION, RunPlots, TERMINAL_RESOLUTION } from "../dist/plot/run-plots.js";

const SIZES = [100_000, 1_000_000, 3_000_000];
const CASES = [
  ["page, along steps", PAGE_RESOLUTION, false],
  ["page, along steps and time", PAGE_RESOLUTION, true],
  ["terminal, along steps", TERMINAL_RESOLUTION, false],
  ["terminal, along steps and time", TERMINAL_RESOLUTION, true],
];

// Each in a process of its own, so that what one leaves behind is not counted with the next.
const asked = process.argv[2];
if (asked === undefined) {
  const self = fileURLToPath(import.meta.url);
  for (const k of CASES.keys())
    execFileSync(process.execPath, ["--expose-gc", self, `${k}`], { stdio: "inherit" });
} else await measure(...CASES[Number(asked)]);

async function measure(what, resolution, hasTime) {
  const before = await used();
  const plots = new RunPlots(resolution);
  const fold = new RunFold({ also: plots });
  const series = fold.series("train/loss");
  const found = [];
  let step = 0;
  for (const size of SIZES) {
    for (; step < size; step++) {
      const value = 2 + 1 / (1 + step / 10_000) + 0.1 * Math.sin(step * 12.9898);
      const time = hasTime ? 1.7e9 + step : Number.NaN;
      fold.point(series, value, { step, epoch: Number.NaN, time, rank: -1, segment: 0 });
    }
    found.push(`${(((await used()) - before) / 1e6).toFixed(2)} MB after ${size.toLocaleString("en")}`);
  }
  // Both are used until here, so that nothing of them is collected before.
  const isWhole = fold.metrics[0].count === step && plots.plots[0].statedExtent("step")[1] === step - 1;
  if (!isWhole) throw new Error("Points were lost.");
  console.log(`${what}: ${found.join(", ")} points`);
}

/** Bytes in use; buffers are given back some time after their owners. */
async function used() {
  for (let k = 0; k < 3; k++) {
    globalThis.gc();
    await sleep(20);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

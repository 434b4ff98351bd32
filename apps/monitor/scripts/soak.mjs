// Follows many logs that grow fast, and holds what the page is told against what was written: nothing lost, memory flat,
// the delay reported. Needs what `npm test` builds. Usage: node scripts/soak.mjs [seconds] [runs] [lines a second and run]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const [SECONDS = 120, RUNS = 20, RATE = 5_000] = process.argv.slice(2).map(Number);
const BEAT = 20;
const PATIENCE = 60_000;
/** Memory is flat where the last third of the time has at most so much more than the middle one, in megabytes. */
const GROWTH = 40;
const COMMAND = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "lossflow-soak-"));
const files = Array.from({ length: RUNS }, (_, run) => openSync(join(folder, `run-${run}.jsonl`), "w"));
const written = Array.from({ length: RUNS }, () => 0);
const sums = Array.from({ length: RUNS }, () => 0);
/** When the first run had so many lines: count, milliseconds, one after another. */
const stamps = [];
write(1);

const server = spawn(process.execPath, [COMMAND, "serve", folder, "--port", "0"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const address = await new Promise((resolve) =>
  server.stdout.once("data", (text) => resolve(new URL(String(text).trim()))),
);
const told = new Map();
const delays = [];
const memory = [];
const updates = follow();

const began = performance.now();
const lines = () => Math.round(((performance.now() - began) / 1000) * RATE);
while (performance.now() - began < SECONDS * 1000) {
  write(Math.min(RATE * SECONDS, lines()) - written[0]);
  await sleep(BEAT);
  if (memory.length < (performance.now() - began) / 1000) memory.push(memoryOf(server.pid));
}
write(RATE * SECONDS - written[0]);
const ended = performance.now();
while (!isComplete() && performance.now() - ended < PATIENCE) await sleep(50);

const lost = written.map((count, run) => count - (told.get(`run-${run}`)?.count ?? 0));
const wrong = written.filter((_, run) => told.get(`run-${run}`)?.sum !== sums[run]).length;
const third = Math.floor(memory.length / 3);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const growth = mean(memory.slice(-third)) - mean(memory.slice(third, 2 * third));
delays.sort((a, b) => a - b);
const at = (share) =>
  `${Math.round(delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? NaN)} ms`;
const total = written.reduce((sum, count) => sum + count, 0);
console.log(
  `${RUNS} runs, ${RATE} lines a second each, ${SECONDS} s: ${total.toLocaleString("en")} lines written`,
);
console.log(`lost ${lost.reduce((sum, count) => sum + count, 0)}, runs with a wrong sum ${wrong}`);
console.log(
  `delay to the page ${at(0.5)} median, ${at(0.95)} at the 95th percentile, ${at(1)} longest, of ${delays.length} updates`,
);
console.log(
  `memory ${Math.round(Math.max(...memory))} MB at most, ${growth >= 0 ? "+" : ""}${growth.toFixed(1)} MB from the middle third to the last`,
);

// A server that still runs would tell of each file that is taken away.
server.kill();
await Promise.allSettled([once(server, "exit"), updates]);
for (const file of files) closeSync(file);
rmSync(folder, { recursive: true });
const isFlat = memory.length < 30 || growth <= GROWTH;
if (lost.some((count) => count !== 0) || wrong > 0 || !isFlat) {
  console.log("The soak found a fault.");
  process.exit(1);
}
process.exit(0);

/** Adds lines to every run; halves of small integers, whose sums are exact. */
function write(count) {
  if (count <= 0) return;
  for (let run = 0; run < RUNS; run++) {
    let text = "";
    for (let k = 0; k < count; k++) {
      const step = written[run]++;
      const loss = ((step * 7 + run) % 64) / 2;
      sums[run] += loss;
      text += `{"step":${step},"loss":${loss}}\n`;
    }
    // A line may be seen in two halves.
    const cut = Math.floor(text.length / 2);
    writeSync(files[run], text.slice(0, cut));
    writeSync(files[run], text.slice(cut));
  }
  stamps.push(written[0], performance.now());
}

async function follow() {
  const headers = { authorization: `Bearer ${address.hash.slice(1)}` };
  const response = await fetch(new URL("/api/updates", address), { headers });
  let text = "";
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString();
    const blocks = text.split("\n\n");
    text = blocks.pop();
    const now = performance.now();
    for (const block of blocks) {
      if (!block.startsWith("data: ")) continue;
      for (const { name, metrics } of JSON.parse(block.slice(6)).runs) {
        if (metrics.length === 0) continue;
        told.set(name, metrics[0]);
        if (name === "run-0") note(metrics[0].count, now);
      }
    }
  }
}

/** How long ago the newest line that an update tells of was written. */
function note(count, now) {
  let k = stamps.length - 2;
  while (k > 0 && stamps[k - 2] >= count) k -= 2;
  delays.push(now - stamps[k + 1]);
}

function isComplete() {
  return written.every((count, run) => told.get(`run-${run}`)?.count === count);
}

function memoryOf(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1_000;
  } catch {
    // Without /proc memory is not judged.
    return Number.NaN;
  }
}

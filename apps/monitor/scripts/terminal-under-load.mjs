// Follows many growing logs in a terminal of its own (tmux) and measures the CPU that `lossflow watch` takes for it, from
// /proc: with the help page open, with one run drawn, with all of them in one chart, and smoothed. Needs what
// `npm test` builds, Linux and tmux. Usage: node scripts/terminal-under-load.mjs [runs] [lines a second and run] [seconds]
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const [RUNS = 20, RATE = 4, SECONDS = 15] = process.argv.slice(2).map(Number);
/** Points that each run has at the start. */
const BEFORE = 5_000;
/** Clock ticks a second in /proc. */
const TICKS = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
const COMMAND = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lossflow-terminal-"));
const steps = Array.from({ length: RUNS }, () => BEFORE);
const pathOf = (run) => join(folder, `run-${run}.jsonl`);
const lineOf = (run, step) =>
  `{"step":${step},"train/loss":${(2 + run / 50 + 3 / (1 + step / 500) + 0.1 * Math.sin(step * 12.9898 + run)).toFixed(5)},"grad_norm":${(1 + 0.3 * Math.sin(step * 78.233)).toFixed(4)}}\n`;

for (let run = 0; run < RUNS; run++)
  writeFileSync(pathOf(run), Array.from({ length: BEFORE }, (_, step) => lineOf(run, step)).join(""));

const socket = `lossflow-load-${process.pid}`;
const tmux = (...args) =>
  execFileSync("tmux", ["-L", socket, "-u", ...args], {
    encoding: "utf8",
    env: { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8" },
  });
tmux(
  "-f",
  "/dev/null",
  "new-session",
  "-d",
  "-x",
  "120",
  "-y",
  "40",
  "-c",
  folder,
  process.execPath,
  COMMAND,
  "watch",
  folder,
);
const pid = Number(tmux("list-panes", "-F", "#{pane_pid}").trim());
let run = 0;
const appending = setInterval(
  () => {
    appendFileSync(pathOf(run), lineOf(run, steps[run]++));
    run = (run + 1) % RUNS;
  },
  1_000 / (RATE * RUNS),
);

try {
  await until(/showing 5,\d{3} points/);
  tmux("send-keys", "?");
  await until(/next \/ previous metric/);
  await measure("the help page, so following alone");
  tmux("send-keys", "?");
  await until(/showing 5,\d{3} points/);
  await measure("one run drawn");
  tmux("send-keys", "a");
  await until(/showing 10\d,\d{3} points/);
  await measure("all runs in one chart");
  tmux("send-keys", "s");
  await until(/EMA 0\.6/);
  await measure("all runs in one chart, smoothed");
} finally {
  clearInterval(appending);
  tmux("kill-server");
  rmSync(folder, { recursive: true });
}

async function measure(what) {
  await sleep(1_000);
  const [ticks, began] = [ticksOf(pid), performance.now()];
  await sleep(SECONDS * 1_000);
  const share = (ticksOf(pid) - ticks) / TICKS / ((performance.now() - began) / 1_000);
  console.log(`${RUNS} runs, ${RATE} lines a second each, ${what}: ${(100 * share).toFixed(1)} % of a core`);
}

/** User and system time of a process so far. */
function ticksOf(process) {
  const fields = readFileSync(`/proc/${process}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

async function until(wanted) {
  for (let tries = 0; tries < 300; tries++) {
    if (wanted.test(tmux("capture-pane", "-p"))) return;
    await sleep(50);
  }
  throw new Error(`${wanted} did not come; the screen is:\n${tmux("capture-pane", "-p")}`);
}

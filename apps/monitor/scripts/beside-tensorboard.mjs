// Opens the same event files in lossflow and in TensorBoard, and measures from the start of each command until a page in
// Chromium has a chart of all its points, and the memory of server and page. TensorBoard stands twice: as it starts by
// itself, with 1,000 sampled points a series, and asked to keep all. Usage, with a Python that has tensorboard:
//   python3 -m venv /tmp/tb && /tmp/tb/bin/pip install tensorboard "setuptools<81"
//   node scripts/beside-tensorboard.mjs /tmp/tb/bin/python [runs] [points] [rounds]
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [PYTHON, RUNS = "10", POINTS = "50000", ROUNDS = "3"] = process.argv.slice(2);
const COMMAND = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const SAMPLED = 1_000;
const folder = mkdtempSync(join(tmpdir(), "lossflow-beside-"));

execFileSync(PYTHON, ["-c", WRITER(), folder, RUNS, POINTS], { stdio: ["ignore", "ignore", "inherit"] });
const all = Number(RUNS) * Number(POINTS);
const contestants = [
  ["lossflow", () => lossflow(all)],
  [
    `TensorBoard, ${SAMPLED} points a series`,
    () => tensorboard(String(SAMPLED), Number(RUNS) * Math.min(SAMPLED, Number(POINTS))),
  ],
  ["TensorBoard, all points", () => tensorboard("0", all)],
];
const figures = new Map(contestants.map(([name]) => [name, []]));
for (let round = 0; round < Number(ROUNDS); round++)
  for (const [name, measure] of contestants) figures.get(name).push(await measure());

console.log(
  `${RUNS} runs of ${Number(POINTS).toLocaleString("en")} points, medians of ${ROUNDS} rounds in turn`,
);
for (const [name, rounds] of figures) {
  const median = (key) =>
    rounds.map((figure) => figure[key]).sort((a, b) => a - b)[Math.floor(rounds.length / 2)];
  console.log(
    `${name.padEnd(36)} first complete chart ${(median("time") / 1000).toFixed(1).padStart(5)} s   server ${String(median("server")).padStart(4)} MB   page ${String(median("page")).padStart(4)} MB   spikes of one step drawn ${String(median("spikes"))} of ${RUNS}`,
  );
}
rmSync(folder, { recursive: true });

async function lossflow(wanted) {
  const began = performance.now();
  const server = spawn(process.execPath, [COMMAND, "serve", folder, "--port", "0"]);
  const url = await new Promise((resolve) =>
    server.stdout.once("data", (text) => resolve(String(text).trim())),
  );
  return looked(server, began, async (page) => {
    await page.goto(url);
    await page
      .getByText(`showing ${wanted.toLocaleString("en")} points, 0 extrema hidden`)
      .first()
      .waitFor({ timeout: 120_000 });
    await page.keyboard.press("2");
    const rows = await page.locator("table tbody tr").allInnerTexts();
    return rows.filter((row) => /\b40 at /.test(row)).length;
  });
}

async function tensorboard(samples, wanted) {
  const port = await freePort();
  const began = performance.now();
  const binary = join(dirname(PYTHON), "tensorboard");
  const server = spawn(
    binary,
    [
      "--logdir",
      folder,
      "--port",
      String(port),
      "--samples_per_plugin",
      `scalars=${samples}`,
      "--reload_interval",
      "1",
    ],
    { stdio: "ignore" },
  );
  return looked(server, began, async (page) => {
    let spikes = 0;
    for (;;) {
      const seen = { points: 0 };
      spikes = 0;
      const take = async (response) => {
        if (!response.url().includes("timeSeries")) return;
        const body = await response.json().catch(() => []);
        for (const { runToSeries = {} } of body)
          for (const series of Object.values(runToSeries)) {
            seen.points += series.length;
            if (series.some(({ value }) => value === 40)) spikes++;
          }
      };
      page.on("response", take);
      try {
        await page.goto(`http://127.0.0.1:${port}/#timeseries`);
        await page.reload();
        for (let k = 0; k < 40 && seen.points < wanted; k++) await sleep(100);
      } catch {
        await sleep(200);
      }
      page.off("response", take);
      if (seen.points >= wanted) break;
    }
    await page.locator("line-chart canvas, line-chart svg path").first().waitFor({ timeout: 30_000 });
    return spikes;
  });
}

/** Opens a page on a server, waits for what `complete` waits for, and measures time and memory. */
async function looked(server, began, complete) {
  const browser = await chromium.launch({
    executablePath: [process.env["CHROMIUM"], "/usr/bin/chromium"].find(
      (found) => found && existsSync(found),
    ),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
    ],
  });
  try {
    const page = await browser.newPage();
    const spikes = await complete(page);
    const time = performance.now() - began;
    const renderers = descendants(String(process.pid)).filter(({ command }) =>
      command.includes("--type=renderer"),
    );
    const servers = descendants(String(server.pid));
    return {
      time,
      spikes,
      page: Math.max(...renderers.map(({ pid }) => privateMemory(pid))),
      server: servers.reduce((sum, { pid }) => sum + privateMemory(pid), 0),
    };
  } finally {
    await browser.close();
    server.kill("SIGKILL");
    await sleep(300);
  }
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function descendants(pid) {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean);
    return [{ pid, command }, ...children.flatMap((child) => descendants(child))];
  } catch {
    return [];
  }
}

/** In megabytes. */
function privateMemory(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Math.round(
    [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, [, value]) => sum + Number(value), 0) /
      1_000,
  );
}

/** Writes event files with TensorBoard's own writer: one series a run, with one spike of one step. */
function WRITER() {
  return `
import sys, os, random
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
folder, runs, points = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for run in range(runs):
    random.seed(run)
    writer = EventFileWriter(os.path.join(folder, "run%02d" % run), max_queue_size=10000)
    for step in range(points):
        value = 40.0 if step == points * 61 // 100 + run else 2 + 3 / (1 + step / 2000) + random.random() * 0.2
        writer.add_event(Event(wall_time=1.76e9 + step, step=step, summary=Summary(value=[Summary.Value(tag="loss", simple_value=value)])))
    writer.close()
`;
}

// Measures the page over 100 runs of 100,000 points in Chromium: first paint, first chart, script time of a frame while
// panning, memory, and how long a line of a log takes to the page. Needs what `npm test` builds, and a Chromium
// (CHROMIUM names it). Usage: node scripts/page-under-load.mjs [runs] [points]
import { spawn } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const RUNS = Number(process.argv[2] ?? 100);
const POINTS = Number(process.argv[3] ?? 100_000);
const APPENDED = 20;
const COMMAND = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lossflow-load-"));
const path = (run) => join(folder, `run-${String(run).padStart(3, "0")}.jsonl`);

for (let run = 0; run < RUNS; run++) writeRun(run);
const server = spawn(process.execPath, [
  "--max-old-space-size=8192",
  COMMAND,
  "serve",
  folder,
  "--port",
  "0",
]);
const url = await new Promise((resolve) => server.stdout.on("data", (text) => resolve(String(text).trim())));
const read = performance.now();
await everythingRead(url);
say(
  "server",
  `read ${(RUNS * POINTS).toLocaleString("en")} points in ${((performance.now() - read) / 1000).toFixed(1)} s, ${memoryOf(server.pid)} MB`,
);

const browser = await chromium.launch({
  executablePath: [process.env["CHROMIUM"], "/usr/bin/chromium"].find((found) => found && existsSync(found)),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
  ],
});
try {
  // A first visit warms the file cache of the browser itself, which is none of the page's.
  await (await browser.newPage()).goto("about:blank");
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(url);
  await page
    .getByText(`showing ${(RUNS * POINTS).toLocaleString("en")} points, 0 extrema hidden`)
    .first()
    .waitFor();
  const complete = performance.now() - began;
  const paint = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  );
  say("first paint", `${paint.toFixed(0)} ms`);
  say("first complete chart", `${complete.toFixed(0)} ms`);
  await panned(page);
  const client = await context.newCDPSession(page);
  await client.send("HeapProfiler.collectGarbage");
  const { metrics } = await client
    .send("Performance.enable")
    .then(() => client.send("Performance.getMetrics"));
  const heap = metrics.find(({ name }) => name === "JSHeapUsedSize").value;
  say("memory of the page", `${megabytes(heap)} MB of script, ${rendererMemory()} MB private to its process`);
  await appended(page);
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true });
}

function writeRun(run) {
  const file = openSync(path(run), "w");
  let state = run * 7_919 + 1;
  let text = "";
  for (let step = 0; step < POINTS; step++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const loss = 2 + run / 100 + 3 / (1 + step / 2_000) + (state / 2 ** 32) * 0.2;
    text += `{"step":${step},"loss":${loss.toFixed(5)}}\n`;
    if (text.length > 1 << 20) {
      writeSync(file, text);
      text = "";
    }
  }
  writeSync(file, text);
  closeSync(file);
}

/** Waits until the server has told of all points. */
async function everythingRead(address) {
  const { origin, hash } = new URL(address);
  const headers = { authorization: `Bearer ${hash.slice(1)}` };
  const response = await fetch(`${origin}/api/updates`, { headers });
  const counts = new Map();
  let text = "";
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString();
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      if (!block.startsWith("data: ")) continue;
      for (const { id, metrics } of JSON.parse(block.slice(6)).runs)
        for (const { count } of metrics) counts.set(id, count);
    }
    if ([...counts.values()].reduce((sum, count) => sum + count, 0) === RUNS * POINTS) return;
  }
}

/** Drags the chart to and fro, and reads from a trace how long scripts hold each frame. */
async function panned(page) {
  await page.keyboard.press("Escape");
  const box = await page.locator(".u-over").first().boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  for (let k = 0; k < 4; k++) {
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    await sleep(60);
  }
  await sleep(1_500);
  await page
    .context()
    .browser()
    .startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await page.keyboard.down("Shift");
  await page.mouse.down();
  for (let k = 0; k < 180; k++) {
    await page.mouse.move(middle.x + Math.sin(k / 12) * box.width * 0.35, middle.y);
    await sleep(12);
  }
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await sleep(500);
  const trace = JSON.parse((await page.context().browser().stopTracing()).toString());
  const times = scriptTimes(trace.traceEvents);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  say(
    "script time of a frame",
    `${at(0.5)} ms median, ${at(0.95)} ms at the 95th percentile, ${at(1)} ms longest, over ${times.length} frames`,
  );
}

/** Milliseconds of script from one frame's commit to the next, sorted; frames without script left out. */
function scriptTimes(events) {
  const names = new Set(["FunctionCall", "EvaluateScript", "RunMicrotasks", "MinorGC", "MajorGC"]);
  const frames = events.filter(({ name }) => name === "Commit");
  if (frames.length === 0) throw new Error("The trace holds no frames.");
  const { pid, tid } = frames[0];
  const own = events
    .filter((event) => event.pid === pid && event.tid === tid && event.ph === "X" && names.has(event.name))
    .sort((a, b) => a.ts - b.ts);
  const starts = frames.map(({ ts }) => ts).sort((a, b) => a - b);
  const times = new Float64Array(starts.length);
  let end = 0;
  for (const { ts, dur = 0 } of own) {
    // What runs within another call is counted with it.
    if (ts < end) continue;
    end = ts + dur;
    let frame = starts.findLastIndex((start) => start <= ts);
    if (frame < 0) frame = 0;
    times[frame] += dur / 1_000;
  }
  return times.filter((time) => time > 0).sort();
}

/** Appends lines one by one and waits for each on the page; both by this process's clock. */
async function appended(page) {
  let arrived = () => undefined;
  await page.exposeFunction("lossflowArrived", (text) => arrived(text));
  await page.evaluate(() => {
    new MutationObserver(() =>
      globalThis.lossflowArrived(document.querySelector(".notes").innerText),
    ).observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true });
  });
  await page.keyboard.press("0");
  const delays = [];
  for (let k = 1; k <= APPENDED; k++) {
    const wanted = `showing ${(RUNS * POINTS + k).toLocaleString("en")} points`;
    const came = new Promise(
      (resolve) => (arrived = (text) => text.includes(wanted) && resolve(performance.now())),
    );
    const began = performance.now();
    appendFileSync(path(0), `{"step":${POINTS + k},"loss":2.5}\n`);
    delays.push((await came) - began);
    await sleep(400 + 37 * k);
  }
  delays.sort((a, b) => a - b);
  say(
    "a line appended to its chart",
    `${delays[APPENDED / 2].toFixed(0)} ms median, ${delays.at(-1).toFixed(0)} ms longest of ${APPENDED}`,
  );
}

/** Private memory of the largest renderer among this process's descendants, in megabytes. */
function rendererMemory() {
  const renderers = processes().filter(({ command }) => command.includes("--type=renderer"));
  return Math.max(...renderers.map(({ pid }) => memoryOf(pid)));
}

function processes() {
  return readFileSync("/proc/self/task/" + process.pid + "/children", "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .flatMap((pid) => descendants(pid));
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

function memoryOf(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );
  return Math.round(kilobytes / 1_000);
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}

function say(what, figure) {
  console.log(`${what.padEnd(30)} ${figure}`);
}

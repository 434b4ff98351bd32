// Kills a job with SIGKILL at random moments until it has been killed so many times; each time that it comes to its end
// its figures must have the bits of a job that was never killed. `node kill-loop.mjs [KILLS] [SEED]` prints a log.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Table, tableFromArrays, tableToIPC } from "apache-arrow";

const BATCH_ROWS = 65_536;
const JOB = fileURLToPath(new URL("./resumable-job.mjs", import.meta.url));

/**
 * @returns how often the job was killed, how often it went on from a checkpoint and came to its end, and the figures
 *   that were not those due.
 */
export async function killLoop({ kills, seed, rows = 3_000_000, log = () => undefined }) {
  const random = randomFrom(seed);
  const folder = mkdtempSync(join(tmpdir(), "lossflow-kill-"));
  try {
    const file = join(folder, "table.arrow");
    writeFileSync(file, tableBytes(rows, random));
    const { output: dueOutput, chunks } = await run([file], Infinity, 0);
    const due = figuresOf(dueOutput);
    log(`a job of ${rows} rows in ${chunks} chunks`);
    const checkpoint = join(folder, "job.checkpoint");
    const report = { killed: 0, resumed: 0, finished: 0, wrong: [] };
    while (report.killed < kills || report.resumed === 0) {
      if (report.killed + report.finished > 20 * kills)
        throw new Error("the job ends before it can be killed");
      // Some chunks further than it was, and any moment of the next.
      const { output } = await run([file, checkpoint], 1 + random() * chunks, 20 * random());
      if (output === null) {
        report.killed++;
        continue;
      }
      const { resumedAt } = JSON.parse(output);
      report.finished++;
      if (resumedAt > 0) report.resumed++;
      if (figuresOf(output) !== due) report.wrong.push(output);
      log(
        `killed ${report.killed} times; went on at row ${resumedAt} and ended${figuresOf(output) === due ? "" : ", WRONG"}`,
      );
    }
    return report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Runs a job, and kills it `delay` milliseconds after so many chunks.
 * @returns what it prints, null where it was killed before, and its chunks.
 */
function run(args, chunksBefore, delay) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [JOB, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    let chunks = 0;
    let timer;
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      chunks = output.split(".\n").length - 1;
      if (chunks >= chunksBefore) timer ??= setTimeout(() => child.kill("SIGKILL"), delay);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve({ output: output.slice(2 * chunks), chunks });
      else if (signal === "SIGKILL") resolve({ output: null, chunks });
      else reject(new Error(`the job ended with ${code ?? signal}`));
    });
  });
}

function figuresOf(output) {
  const { rows, results } = JSON.parse(output);
  return JSON.stringify({ rows, results });
}

/** Batches of numbers of magnitudes that a sum in doubles does not hold together. */
function tableBytes(rows, random) {
  const numbers = (length) => Float32Array.from({ length }, () => random() * 2 ** Math.floor(60 * random()));
  const batches = [];
  for (let at = 0; at < rows; at += BATCH_ROWS) {
    const length = Math.min(BATCH_ROWS, rows - at);
    batches.push(...tableFromArrays({ y: numbers(length), p: numbers(length) }).batches);
  }
  return tableToIPC(new Table(batches), "file");
}

function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [kills = "100", seed = process.env.LOSSFLOW_SEED ?? "1"] = process.argv.slice(2);
  const report = await killLoop({ kills: Number(kills), seed: Number(seed), log: console.log });
  const { killed, finished, resumed, wrong } = report;
  console.log(
    `seed ${seed}: killed ${killed} times, ended ${finished} times, ${resumed} of them from a checkpoint; ${wrong.length} with other bits`,
  );
  if (wrong.length > 0 || resumed === 0) process.exit(1);
}

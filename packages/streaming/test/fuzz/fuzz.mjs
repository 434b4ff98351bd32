// Damages good files at random and reads them: each must be read or refused with a code within five seconds, in bounded
// memory, and not be read as something else where its framing says so. `node fuzz.mjs [MUTATIONS] [SEED]` prints counts.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { mutated, randomFrom } from "./mutations.mjs";
import { vouchedBy } from "./vouched.mjs";

const FOLDER = fileURLToPath(new URL("../fixtures/", import.meta.url));
const DEADLINE = 5000;
const MOST_HEAP_MB = 128;
const MOST_RSS_MB = 700;

/** @returns counts of the outcomes by file, and each failure with all that is needed to see it again. */
export async function fuzz({ mutations, seed }) {
  const folder = mkdtempSync(join(tmpdir(), "lossflow-fuzz-"));
  const names = readdirSync(FOLDER).filter((name) => /\.(?:arrows?|parquet|csv|jsonl)$/.test(name));
  const reader = new Reader(join(folder, "damaged"));
  const failures = [];
  const counts = {};
  try {
    const files = [];
    for (const name of names) {
      const bytes = new Uint8Array(readFileSync(FOLDER + name));
      files.push({
        name,
        bytes,
        good: await reader.read(bytes, false),
        isVouched: await vouchedBy(name, bytes),
      });
      counts[name] = { refused: 0, same: 0, other: 0 };
    }
    for (let i = 0; i < mutations; i++) {
      const { name, bytes: good, good: due, isVouched } = files[i % files.length];
      const { bytes, what, places } = mutated(good, randomFrom(seed + i));
      const outcome = await reader.read(bytes, i % 3 === 0);
      const fail = (why) => failures.push({ name, what, why, seed, mutation: i });
      if (outcome.kind === "refused") counts[name].refused++;
      else if (outcome.kind !== "read") fail(outcome.text);
      else if (outcome.text === due.text) counts[name].same++;
      else {
        counts[name].other++;
        if (places.every((place) => isVouched(place)))
          fail(`read as something else: ${difference(due, outcome)}`);
      }
      const rss = process.memoryUsage().rss / 2 ** 20;
      if (rss > MOST_RSS_MB) fail(`memory has grown to ${Math.round(rss)} MB`);
      if (failures.length >= 50) break;
    }
  } finally {
    await reader.end();
    rmSync(folder, { recursive: true });
  }
  return { counts, failures };
}

/** Reads in a worker, which is ended and begun anew when it takes too long or dies. */
class Reader {
  #file;
  #worker;
  #settle;

  constructor(file) {
    this.#file = file;
  }

  async read(bytes, onDisk) {
    this.#worker ??= this.#start();
    let timer;
    const outcome = await new Promise((resolve) => {
      this.#settle = resolve;
      timer = setTimeout(() => resolve({ kind: "hang", text: `no answer within ${DEADLINE} ms` }), DEADLINE);
      this.#worker.postMessage({ bytes, onDisk });
    });
    clearTimeout(timer);
    if (outcome.kind === "hang" || outcome.kind === "crash") await this.end();
    return outcome;
  }

  #start() {
    const worker = new Worker(new URL("./fuzz-worker.mjs", import.meta.url), {
      workerData: { file: this.#file },
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
      execArgv: [],
    });
    const tell = (outcome) => {
      if (worker === this.#worker) this.#settle(outcome);
    };
    worker.on("message", tell);
    worker.on("error", (error) => tell({ kind: "crash", text: String(error) }));
    worker.on("exit", (code) => tell({ kind: "crash", text: `the thread ended with ${code}` }));
    return worker;
  }

  async end() {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

function difference(due, outcome) {
  const a = JSON.parse(due.text);
  const b = JSON.parse(outcome.text);
  if (a.rows !== b.rows) return `${b.rows} rows for ${a.rows}`;
  const names = Object.keys(b.values);
  if (names.join() !== Object.keys(a.values).join()) return `columns ${names.join()}`;
  const name = names.find((one) => JSON.stringify(a.values[one]) !== JSON.stringify(b.values[one]));
  const row = b.values[name].findIndex(
    (value, i) => JSON.stringify(value) !== JSON.stringify(a.values[name][i]),
  );
  if (name === undefined) return "the same";
  return `column ${name}, row ${row}: ${JSON.stringify(b.values[name][row])} for ${JSON.stringify(a.values[name][row])}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [mutations = "20000", seed = process.env.LOSSFLOW_SEED ?? "1"] = process.argv.slice(2);
  const began = performance.now();
  const { counts, failures } = await fuzz({ mutations: Number(mutations), seed: Number(seed) });
  for (const [name, { refused, same, other }] of Object.entries(counts))
    console.log(`${name}: ${refused} refused, ${same} unharmed, ${other} read with other values`);
  for (const { name, what, why, mutation } of failures)
    console.log(`FAILED ${name} (mutation ${mutation}: ${what}): ${why}`);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(
    `seed ${seed}: ${mutations} mutations of ${Object.keys(counts).length} files in ${seconds} s, ${failures.length} failures`,
  );
  if (failures.length > 0) process.exit(1);
}

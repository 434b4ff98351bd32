// A worker process for the fault tests and the bench, over what is published: node worker.mjs SERVERS THREADS REPLICAS ENGINE
import { connectNats, runWorker } from "@lossflow/jetstream";
import { createPool } from "@lossflow/streaming/node";

const [servers, threads, replicas, engine = "js"] = process.argv.slice(2);
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
const nats = await connectNats({ servers, patience: Infinity, tell: (sentence) => console.error(sentence) });
const pool = createPool({ workers: Number(threads), engine });
let chunks = 0;
let before;
let peak = 0;
// The system's own figure of the most would count the process that started this one.
const measure = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 200);
await runWorker({
  nats,
  pool,
  signal: stop.signal,
  replicas: Number(replicas),
  onChunk: () => chunks++,
  tell(sentence) {
    if (sentence.startsWith("Working on job")) before = process.cpuUsage();
    console.error(sentence);
  },
});
clearInterval(measure);
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({ chunks, cpuSeconds: (user + system) / 1e6, peakMegabytes: Math.round(peak / 1e6) }),
);
await pool.close();
await nats.close();

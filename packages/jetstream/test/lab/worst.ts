import { setTimeout as sleep } from "node:timers/promises";
import type { PlannedJob } from "@lossflow/streaming/job";
import { openChunks } from "../../src/job/job-logs.ts";
import { jobNames } from "../../src/nats/job-names.ts";
import type { Design } from "../../src/nats/job-streams.ts";
import type { RunningJob } from "./job-under-fault.ts";
import type { NatsServer } from "./nats-lab.ts";
import { WorkerProcess } from "./worker-process.ts";

/** Kills the first worker in the middle of its chunks, and starts another in its place. */
export async function killAndReplace({ lab, workers, recovery }: RunningJob): Promise<void> {
  await workers.shift()!.kill();
  workers.push(new WorkerProcess(lab.url, lab.servers.length));
  console.log(`  worker killed: goes on after ${await recovery()} ms`);
}

/** Freezes the first worker for longer than its leases and chunks are kept for it, then lets it go on. */
export async function freeze({ workers, recovery }: RunningJob): Promise<void> {
  workers[0]!.signal("SIGSTOP");
  console.log(`  worker frozen: goes on after ${await recovery()} ms`);
  await sleep(8_500);
  workers[0]!.signal("SIGCONT");
}

/** Kills a server, and starts it again over the same store. */
export async function restartServer(server: NatsServer, { recovery }: RunningJob): Promise<void> {
  const began = performance.now();
  await server.stop("SIGKILL");
  await sleep(400);
  await server.restart();
  const up = Math.round(performance.now() - began);
  console.log(`  server killed: up after ${up} ms, goes on ${await recovery()} ms later`);
}

/** The server that leads the stream of the job's chunks; any where the job is over. */
export async function leaderOf({ lab, nats, key, ended, done, chunks }: RunningJob): Promise<NatsServer> {
  for (;;) {
    if (ended() || done() >= chunks) return lab.servers[0]!;
    const leader = await nats.manager.streams.info(jobNames(key()).chunks).then(
      ({ cluster }) => cluster?.leader,
      () => undefined,
    );
    if (leader !== undefined) return lab.servers[Number(leader.slice(1))]!;
    await sleep(100);
  }
}

/** Sends every third chunk again: under its identity `at once`, else as the server cannot know it. */
export function sendAgain(
  design: Design,
  when: "at once" | "late",
): (running: RunningJob, planned: PlannedJob) => Promise<void> {
  return async ({ nats, key: keyOf, done, chunks }, planned) => {
    const key = keyOf();
    const log = openChunks(nats, key, design, 8, when === "late" ? `${key}.again` : undefined);
    // The job may be over before all are sent, and its streams with it.
    const over = new AbortController();
    const look = setInterval(() => {
      if (done() >= chunks) over.abort();
    }, 20);
    try {
      let chunk = 0;
      for await (const { bytes } of planned.chunks()) {
        if (over.signal.aborted) break;
        if (chunk % 3 === 0) await log.append(chunk, bytes, over.signal);
        chunk++;
      }
    } catch (error) {
      if (done() < chunks) throw error;
    } finally {
      clearInterval(look);
    }
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import { LossflowError } from "@lossflow/core";
import type { JobState, PlannedChunk, PlannedJob } from "@lossflow/streaming/job";
import { ChunkSet } from "../log/chunk-set.ts";
import type { ChunkLog } from "../log/chunk-log.ts";
import type { Nats } from "../nats/connect.ts";
import {
  createJobStreams,
  deleteJobStreams,
  sweepJobStreams,
  type Design,
  type StreamLimits,
} from "../nats/job-streams.ts";
import { aborted } from "../nats/retrying.ts";
import { Leases, type Presence } from "../fold/lease.ts";
import { collectStates } from "./collect-states.ts";
import { openChunks, openParts } from "./job-logs.ts";
import { Jobs } from "./job-record.ts";

/** How a job is given to workers. */
export interface SubmitOptions {
  readonly nats: Nats;
  /** Name of the job: letters, digits, `-` and `_`. A job of the same name and plan is gone on with. */
  readonly id: string;
  readonly design: Design;
  readonly limits: StreamLimits;
  /** Partitions of a fold: as many workers as can share it. */
  readonly partitions: number;
  readonly signal: AbortSignal;
  /** Whether a job that ends incomplete stays for a week, so that it can be gone on with. Default false. */
  readonly keep?: boolean | undefined;
  /** Milliseconds without a chunk coming in after which the job is given up as incomplete. */
  readonly patience: number;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** How far a job has come. */
export interface JobProgress {
  /** Chunks whose results are in. */
  readonly done: number;
  /** Chunks submitted, and whether these are all. */
  readonly submitted: number;
  readonly allSubmitted: boolean;
  /** Workers that are there and can take part. */
  readonly workers: number;
  /** The engines of workers that are there and leave the job alone, since its bits are not theirs. */
  readonly others: readonly string[];
}

/** What a job came to. */
export interface JobOutcome {
  /** What is known; of all rows only where `missing` is empty. */
  readonly state: JobState;
  readonly done: number;
  /** All chunks of the job; null where it ended before all were submitted. */
  readonly chunks: number | null;
  /** The first of the chunks that did not come in. */
  readonly missing: readonly number[];
  /** Rows of all chunks submitted. */
  readonly rows: number;
  /** The most workers that were there at once. */
  readonly workers: number;
  /** The engines of workers that left the job alone. */
  readonly others: readonly string[];
}

/** Chunks that are on their way to the servers at a time. */
const WINDOW = 16;
const MOST_MISSING = 20;
const LOOK_MS = 50;
const COUNT_MS = 1_000;
const SWEEP_MS = 2_000;
const LOOK_FOR_MS = 2_000;

/**
 * Gives a job to the workers of a cluster, and merges what they make of it until every chunk is in. Each chunk counts
 * once, whatever was sent twice, folded twice or died meanwhile.
 * @returns complete, or incomplete after `patience` or `signal`: then what is there, and which chunks are missing
 * @throws LF_JOB_EXISTS, LF_JOB_CANCELLED, LF_NATS_*, and what the planning of its chunks throws
 */
export async function submitJob(planned: PlannedJob, options: SubmitOptions): Promise<JobOutcome> {
  const { nats, id, design, limits, partitions, signal } = options;
  const jobs = await Jobs.open(nats, limits.replicas, signal);
  const { plan, engine } = planned;
  const job = { design, plan, engine, partitions, sources: await planned.identify() };
  const key = await jobs.keyOf(id, job, signal);
  await createJobStreams(nats, key, design, limits, signal);
  let kept = false;
  try {
    await jobs.add(id, job, key, signal);
    const outcome = await new Submission(planned, options, jobs, key).run();
    kept = options.keep === true && !isComplete(outcome);
    return outcome;
  } finally {
    if (!kept) await Promise.allSettled([jobs.remove(id, key), deleteJobStreams(nats, key)]);
    await sweep(nats, jobs).catch(() => undefined);
  }
}

async function sweep(nats: Nats, jobs: Jobs): Promise<void> {
  const listed = await jobs.list(AbortSignal.timeout(SWEEP_MS));
  await sweepJobStreams(nats, new Set([...listed.values()].map(({ key }) => key)));
}

/** Whether all chunks of a job are in. */
export function isComplete({ chunks, missing }: Pick<JobOutcome, "chunks" | "missing">): boolean {
  return chunks !== null && missing.length === 0;
}

class Submission {
  readonly #planned: PlannedJob;
  readonly #options: SubmitOptions;
  readonly #jobs: Jobs;
  readonly #key: string;
  readonly #log: ChunkLog;
  readonly #done = new ChunkSet();
  #state: JobState;
  #submitted = 0;
  #rows = 0;
  #allSubmitted = false;
  /** What the planning of a further chunk threw: told once the chunks before it are in, whose rows come first. */
  #unplanned: { readonly error: unknown } | undefined;
  /** Ends sending and collecting alike. */
  readonly #end = new AbortController();
  #lastChange = performance.now();
  #presence: Presence = { workers: 0, others: [] };
  #mostWorkers = 0;

  constructor(planned: PlannedJob, options: SubmitOptions, jobs: Jobs, key: string) {
    this.#planned = planned;
    this.#options = options;
    this.#jobs = jobs;
    this.#key = key;
    this.#log = openChunks(options.nats, key, options.design, options.partitions);
    this.#state = planned.openState();
  }

  async run(): Promise<JobOutcome> {
    const failures: unknown[] = [];
    const part = (work: Promise<void>): Promise<void> =>
      work.catch((error: unknown) => {
        if (!this.#end.signal.aborted) failures.push(error);
        this.#end.abort();
      });
    await Promise.all([part(this.#send()), part(this.#collect()), part(this.#count()), part(this.#watch())]);
    if (failures.length > 0) throw (await this.#isCancelled()) ? cancelled(this.#options.id) : failures[0];
    if (this.#unplanned !== undefined) {
      this.#state.check();
      throw this.#unplanned.error;
    }
    return this.#outcome();
  }

  async #send(): Promise<void> {
    const signal = this.#end.signal;
    const open = new Set<Promise<void>>();
    let failure: { readonly error: unknown } | undefined;
    for await (const { bytes, rows } of this.#plannedChunks()) {
      if (signal.aborted || failure !== undefined) break;
      const chunk = this.#submitted++;
      this.#rows += rows;
      // Of a job that is gone on with.
      if (this.#done.has(chunk)) continue;
      const sent = this.#log.append(chunk, bytes, signal).catch((error: unknown) => {
        failure ??= { error };
      });
      open.add(sent);
      void sent.finally(() => open.delete(sent));
      while (open.size >= WINDOW) await Promise.race(open);
    }
    await Promise.all(open);
    if (failure !== undefined) throw failure.error;
    if (signal.aborted) throw aborted();
    this.#allSubmitted = true;
  }

  async *#plannedChunks(): AsyncGenerator<PlannedChunk> {
    try {
      yield* this.#planned.chunks();
    } catch (error) {
      this.#unplanned = { error };
    }
  }

  async #collect(): Promise<void> {
    const { nats, design } = this.#options;
    const key = this.#key;
    const signal = this.#end.signal;
    if (design === "map") {
      for await (const { chunk, bytes } of openParts(nats, key).read(0, 0, signal)) {
        if (this.#done.add(chunk)) this.#state.add(chunk, bytes);
        this.#changed();
      }
    } else {
      for await (const { state, chunks } of collectStates(this.#planned, nats, key, this.#log, signal)) {
        const before = this.#done.size;
        this.#state = state;
        for (const set of chunks) this.#done.addAll(set);
        if (this.#done.size > before) this.#changed();
      }
    }
  }

  async #count(): Promise<void> {
    const { nats, id, limits } = this.#options;
    const signal = this.#end.signal;
    const leases = await Leases.open(nats, "", this.#planned.engine, limits.replicas, signal);
    while (!signal.aborted) {
      this.#presence = await leases.countWorkers(signal);
      this.#mostWorkers = Math.max(this.#mostWorkers, this.#presence.workers);
      await sleep(COUNT_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted && (await this.#jobs.get(id, signal))?.key !== this.#key) throw cancelled(id);
    }
  }

  /** Whether the job was taken away meanwhile: whatever failed then failed for that. */
  #isCancelled(): Promise<boolean> {
    return this.#jobs.get(this.#options.id, AbortSignal.timeout(LOOK_FOR_MS)).then(
      (found) => found?.key !== this.#key,
      () => false,
    );
  }

  #changed(): void {
    this.#lastChange = performance.now();
  }

  /** Ends the job once it is complete, given up or cancelled; reports how far it is. */
  async #watch(): Promise<void> {
    const { signal, patience, onProgress } = this.#options;
    while (!this.#end.signal.aborted) {
      const done = this.#done.size;
      onProgress?.({
        done,
        submitted: this.#submitted,
        allSubmitted: this.#allSubmitted,
        ...this.#presence,
      });
      const complete = this.#allSubmitted && done >= this.#submitted;
      if (complete || signal.aborted || performance.now() - this.#lastChange > patience) this.#end.abort();
      else await sleep(LOOK_MS);
    }
  }

  #outcome(): JobOutcome {
    return {
      state: this.#state,
      done: this.#done.size,
      chunks: this.#allSubmitted ? this.#submitted : null,
      missing: this.#done.missing(this.#submitted, MOST_MISSING),
      rows: this.#rows,
      workers: this.#mostWorkers,
      others: this.#presence.others,
    };
  }
}

function cancelled(id: string): LossflowError {
  return new LossflowError(
    "LF_JOB_CANCELLED",
    `The job ${id} is no longer there: it was cancelled, or a week is over; submit it again.`,
  );
}

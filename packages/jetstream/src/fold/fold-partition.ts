import { isLossflowError } from "@lossflow/core";
import type { CheckpointStore } from "../log/checkpoint-store.ts";
import type { ChunkLog, LoggedChunk } from "../log/chunk-log.ts";
import { ChunkSet } from "../log/chunk-set.ts";
import { bytesFromPartition, partitionFromBytes } from "./partition-state.ts";

/** A running state that chunks are added to. */
export interface ChunkFold {
  /**
   * Adds what a chunk holds. A chunk that is refused as data is part of the state too.
   * @throws LF_STATE_SPOILT where the state may hold part of a refused chunk: the partition goes back to its checkpoint
   */
  add(chunk: number, bytes: Uint8Array): Promise<void>;
  /** @throws LF_STATE_SPOILT likewise */
  toBytes(): Uint8Array;
  close?(): void;
}

/** What is folded, from where to where. */
export interface PartitionFold {
  readonly log: ChunkLog;
  readonly store: CheckpointStore;
  readonly partition: number;
  /** Name of its checkpoint. */
  readonly name: string;
  /** Goes on from the bytes of a state; undefined begins. Of chunks that are added `apart` no state is spoilt. */
  readonly open: (state: Uint8Array | undefined, apart: boolean) => ChunkFold;
  readonly onCommit?: ((chunks: number) => void) | undefined;
}

/** A checkpoint is saved after this many chunks, or this many milliseconds after the first that it lacks. */
const COMMIT_CHUNKS = 64;
const COMMIT_MS = 1_000;
/** Where no chunk comes for this long it is saved sooner. */
const PAUSE_MS = 200;

/**
 * Folds the chunks of a partition in the order of its log until `signal`, and saves state, position and the set of
 * chunks as one value by compare-and-set. A chunk that came before is skipped; what is folded twice because two workers
 * think they own the partition is saved once.
 * @throws LF_CHECKPOINT_STALE where another worker has saved since: begin again from what it saved
 */
export async function foldPartition(job: PartitionFold, signal: AbortSignal): Promise<void> {
  try {
    await foldOnward(job, false, signal);
  } catch (error) {
    if (!(isLossflowError(error) && error.code === "LF_STATE_SPOILT")) throw error;
    await foldOnward(job, true, signal);
  }
}

async function foldOnward(job: PartitionFold, apart: boolean, signal: AbortSignal): Promise<void> {
  const found = await job.store.load(job.name, signal);
  const { position, chunks, state } =
    found === undefined
      ? { position: 0, chunks: new ChunkSet(), state: undefined }
      : partitionFromBytes(found.bytes);
  const fold = job.open(state?.length === 0 ? undefined : state, apart);
  try {
    await new PartitionRun(job, found?.revision, chunks, fold, signal).follow(position);
  } finally {
    fold.close?.();
  }
}

class PartitionRun {
  readonly #job: PartitionFold;
  readonly #chunks: ChunkSet;
  readonly #fold: ChunkFold;
  readonly #signal: AbortSignal;
  /** Ends the reading where a commit failed. */
  readonly #halt = new AbortController();
  #revision: number | undefined;
  #position = 0;
  #unsaved = 0;
  /** When the last chunk was added. */
  #last = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Adding and saving take turns: a state is never written while it changes. */
  #turn: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(
    job: PartitionFold,
    revision: number | undefined,
    chunks: ChunkSet,
    fold: ChunkFold,
    signal: AbortSignal,
  ) {
    this.#job = job;
    this.#revision = revision;
    this.#chunks = chunks;
    this.#fold = fold;
    this.#signal = signal;
  }

  async follow(after: number): Promise<void> {
    const { log, partition } = this.#job;
    this.#position = after;
    const stop = AbortSignal.any([this.#signal, this.#halt.signal]);
    try {
      for await (const logged of log.read(partition, after, stop)) {
        await this.#inTurn(() => this.#add(logged));
        if (this.#failure !== undefined || stop.aborted) break;
        if (this.#unsaved >= COMMIT_CHUNKS) await this.#inTurn(() => this.#commit());
      }
      // What was folded up to an orderly end is kept; after it, the next owner folds it again.
      await this.#inTurn(() => this.#commit());
    } finally {
      clearInterval(this.#timer);
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #add({ position, chunk, bytes, release }: LoggedChunk): Promise<void> {
    if (this.#chunks.has(chunk)) {
      this.#position = position;
      return;
    }
    await this.#fold.add(chunk, bytes);
    release?.();
    this.#chunks.add(chunk);
    this.#position = position;
    this.#unsaved++;
    this.#last = performance.now();
    if (this.#timer === undefined) {
      const began = this.#last;
      this.#timer = setInterval(() => {
        const now = performance.now();
        if (now - this.#last >= PAUSE_MS || now - began >= COMMIT_MS) void this.#inTurn(() => this.#commit());
      }, PAUSE_MS);
    }
  }

  async #commit(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#unsaved === 0 || this.#failure !== undefined) return;
    const bytes = bytesFromPartition({
      position: this.#position,
      chunks: this.#chunks,
      state: this.#fold.toBytes(),
    });
    const { store, name, onCommit } = this.#job;
    // The last commit is made after the signal: it has a little time of its own.
    const signal = this.#signal.aborted ? AbortSignal.timeout(2_000) : this.#signal;
    this.#revision = await store.save(name, bytes, this.#revision, signal);
    this.#unsaved = 0;
    onCommit?.(this.#chunks.size);
  }

  /** Does one thing after the other; the first failure ends the run. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(step).catch((error: unknown) => {
      if (!(this.#signal.aborted && isLossflowError(error) && error.code === "LF_ABORTED"))
        this.#failure ??= { error };
      this.#halt.abort();
    });
    return this.#turn;
  }
}

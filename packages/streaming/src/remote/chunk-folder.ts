import { LossflowError } from "@lossflow/core";
import { runnerOfPool, type Pool } from "../pool/create-pool.ts";
import type { TaskRunner } from "../pool/task-runner.ts";
import type { TaskSegment } from "../worker/fold-task.ts";
import { chunkFromBytes, type ChunkReference } from "./chunk-bytes.ts";
import { JobState } from "./job-state.ts";
import { bytesFromResult } from "./result-bytes.ts";
import { SegmentCursor } from "./segment-cursor.ts";

/** A state that chunks are added to, one after the other. */
export interface ChunkRun {
  /** @throws LF_STATE_SPOILT where part of a chunk that is refused may have been added; as {@link ChunkFolder.fold} */
  add(chunk: number, bytes: Uint8Array): Promise<void>;
  /** Writes the state of all that was added. @throws LF_STATE_SPOILT where chunks do not go together */
  toBytes(): Uint8Array;
  close(): void;
}

/** Folds the chunks of a job in a pool. It keeps the files that chunks refer to open until it is closed. */
export class ChunkFolder {
  readonly #plan: string;
  readonly #runner: TaskRunner;
  readonly #cursors = new Map<string, SegmentCursor>();

  constructor(plan: string, pool: Pool) {
    this.#plan = plan;
    this.#runner = runnerOfPool(pool);
  }

  /**
   * Folds a chunk to the bytes of its result: a partial state, or the refusal of its rows.
   * @throws LF_NOT_FOUND, LF_UNREADABLE where this machine cannot read its file; LF_SOURCE_CHANGED; LF_CHUNK_FAILED;
   *   LF_ABORTED
   */
  fold(bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    return this.#withSegments(bytes, async (segments) =>
      bytesFromResult(await this.#runner.run({ plan: this.#plan, segments }, signal)),
    );
  }

  /**
   * Goes on with a state, or begins one: chunks are folded and added to it. Together they cost less than `apart`, but what
   * a chunk refuses is told apart alone.
   */
  open(state: Uint8Array | undefined, signal: AbortSignal, apart: boolean): ChunkRun {
    const job = JobState.open(this.#plan, state);
    const rows = apart ? undefined : this.#runner.open?.(this.#plan);
    if (rows === undefined) {
      return {
        add: async (chunk, bytes) => job.add(chunk, await this.fold(bytes, signal)),
        toBytes: () => job.toBytes(),
        close: () => undefined,
      };
    }
    return {
      add: async (_chunk, bytes) => {
        if (!(await this.#withSegments(bytes, (segments) => rows.add(segments, signal)))) throw spoilt();
      },
      toBytes: () => {
        const taken = rows.take();
        try {
          if (taken !== null) job.addRows(taken);
        } catch (error) {
          throw spoilt(error);
        }
        return job.toBytes();
      },
      close: () => rows.close(),
    };
  }

  /** Closes the files. */
  async close(): Promise<void> {
    await Promise.all([...this.#cursors.values()].map((cursor) => cursor.close()));
  }

  async #withSegments<T>(
    bytes: Uint8Array,
    use: (segments: readonly TaskSegment[]) => Promise<T>,
  ): Promise<T> {
    const content = chunkFromBytes(bytes);
    if (content.kind === "value") return use(content.segments);
    const segments = await this.#cursorOf(content).take(content);
    try {
      let firstRow = content.firstRow;
      const placed = segments.map(({ rows, payload }): TaskSegment => {
        const segment = { source: content.source, firstRow, rows, payload };
        firstRow += rows;
        return segment;
      });
      return await use(placed);
    } finally {
      for (const segment of segments) segment.release();
    }
  }

  #cursorOf({ path }: ChunkReference): SegmentCursor {
    let cursor = this.#cursors.get(path);
    if (cursor === undefined) this.#cursors.set(path, (cursor = new SegmentCursor(this.#runner.shared)));
    return cursor;
  }
}

function spoilt(cause?: unknown): LossflowError {
  return new LossflowError(
    "LF_STATE_SPOILT",
    "A state holds part of a chunk that is refused; fold its chunks apart.",
    {},
    { cause },
  );
}

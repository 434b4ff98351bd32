import { runnerOfPool, type Pool } from "../pool/create-pool.ts";
import type { TaskRunner } from "../pool/task-runner.ts";
import type { TaskSegment } from "../worker/fold-task.ts";
import { chunkFromBytes, type ChunkReference } from "./chunk-bytes.ts";
import { JobState } from "./job-state.ts";
import { bytesFromResult } from "./result-bytes.ts";
import { SegmentCursor } from "./segment-cursor.ts";

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
  async fold(bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const content = chunkFromBytes(bytes);
    if (content.kind === "value") return this.#run(content.segments, signal);
    const segments = await this.#cursorOf(content).take(content);
    try {
      let firstRow = content.firstRow;
      const placed = segments.map(({ rows, payload }): TaskSegment => {
        const segment = { source: content.source, firstRow, rows, payload };
        firstRow += rows;
        return segment;
      });
      return await this.#run(placed, signal);
    } finally {
      for (const segment of segments) segment.release();
    }
  }

  /** Goes on with a state, or begins one: chunks are folded and added to it. */
  open(
    state: Uint8Array | undefined,
    signal: AbortSignal,
  ): { add(chunk: number, bytes: Uint8Array): Promise<void>; toBytes(): Uint8Array } {
    const job = JobState.open(this.#plan, state);
    return {
      add: async (chunk, bytes) => job.add(chunk, await this.fold(bytes, signal)),
      toBytes: () => job.toBytes(),
    };
  }

  /** Closes the files. */
  async close(): Promise<void> {
    await Promise.all([...this.#cursors.values()].map((cursor) => cursor.close()));
  }

  async #run(segments: readonly TaskSegment[], signal: AbortSignal): Promise<Uint8Array> {
    return bytesFromResult(await this.#runner.run({ plan: this.#plan, segments }, signal));
  }

  #cursorOf({ path }: ChunkReference): SegmentCursor {
    let cursor = this.#cursors.get(path);
    if (cursor === undefined) this.#cursors.set(path, (cursor = new SegmentCursor(this.#runner.shared)));
    return cursor;
  }
}

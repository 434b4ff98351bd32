import { isLossflowError, LossflowError } from "@lossflow/core";
import type { TableSource } from "../source/table-source.ts";
import { bytesFromCheckpoint, checkpointFromBytes, type Checkpoint, type SourcePrint } from "./checkpoint.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";

/** What is known of a job's checkpoints. */
export interface CheckpointProgress {
  /** The row at which the job went on; 0 where it began anew. */
  readonly resumedAt: number;
  /** Rows that the last checkpoint holds. */
  readonly rows: number;
  /** Why the last one could not be written, null where it could: the one before is kept then. */
  readonly failure: string | null;
}

/** Milliseconds between checkpoints: that much work is lost at most. */
const EVERY = 5000;
/** Writing a state of many groups takes a while; no more than a tenth of the time goes into it. */
const SHARE = 10;
const VERSIONS: readonly string[] = ["LF_CHECKPOINT_VERSION", "LF_STATE_VERSION"];

/** The checkpoints of one job: when one is due, and one at a time. */
export class Checkpoints {
  readonly #store: CheckpointStore;
  readonly #every: number;
  #writing: Promise<void> | undefined;
  #next: number;
  #resumedAt = 0;
  #rows = 0;
  #failure: string | null = null;

  constructor(store: CheckpointStore, every: number = EVERY) {
    this.#store = store;
    this.#every = every;
    this.#next = performance.now() + every;
  }

  get progress(): CheckpointProgress {
    return { resumedAt: this.#resumedAt, rows: this.#rows, failure: this.#failure };
  }

  /** Gives the checkpoint to go on from, null to begin anew. @throws LF_CHECKPOINT_* */
  async load(): Promise<Checkpoint | null> {
    const bytes = await this.#store.load();
    if (bytes === null) return null;
    const checkpoint = this.ofThisVersion(() => checkpointFromBytes(bytes));
    this.#resumedAt = checkpoint.rows;
    this.#rows = checkpoint.rows;
    return checkpoint;
  }

  /**
   * Takes the prints of the sources that a checkpoint has read from.
   * @throws LF_CHECKPOINT_DIFFERS where the sources are not those of the checkpoint
   */
  async printsOf(checkpoint: Checkpoint, sources: readonly TableSource[]): Promise<SourcePrint[]> {
    if (checkpoint.sourceCount !== sources.length)
      throw this.differs(`it has ${checkpoint.sourceCount} sources, and this one ${sources.length}`);
    const prints: SourcePrint[] = [];
    for (const [i, { print }] of checkpoint.sources.entries()) {
      const source = sources[i]!;
      const now = await source.print!();
      if (now.bytes !== print.bytes)
        throw this.differs(`${source.name} had ${print.bytes} bytes and has ${now.bytes}`);
      if (now.digest !== print.digest) throw this.differs(`the content of ${source.name} has changed`);
      prints.push(now);
    }
    return prints;
  }

  /** Builds the refusal of a checkpoint that is not of this job. */
  differs(why: string): LossflowError {
    const { name, found } = this.#store;
    return new LossflowError(
      "LF_CHECKPOINT_DIFFERS",
      `The checkpoint ${name} is of another job: ${why}; delete ${found.join(" and ")} to begin anew, or name another.`,
      { path: name },
    );
  }

  /** Has a checkpoint or its state read. @throws LF_CHECKPOINT_VERSION where another version wrote it */
  ofThisVersion<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      if (!isLossflowError(cause) || !VERSIONS.includes(cause.code)) throw cause;
      const { name, found } = this.#store;
      throw new LossflowError(
        "LF_CHECKPOINT_VERSION",
        `The checkpoint ${name} is of another version: delete ${found.join(" and ")} to begin anew, or go on with the version that wrote it.`,
        { path: name },
        { cause },
      );
    }
  }

  /** Writes what `make` gives, where it is time for it. */
  write(make: () => Checkpoint): void {
    const began = performance.now();
    if (this.#writing !== undefined || began < this.#next) return;
    this.#writing = this.#save(make()).then(() => {
      this.#writing = undefined;
      const now = performance.now();
      this.#next = now + Math.max(this.#every, SHARE * (now - began));
    });
  }

  /** Writes a last one now. */
  async writeLast(checkpoint: Checkpoint): Promise<void> {
    await this.#writing;
    if (checkpoint.rows > this.#rows || this.#failure !== null) await this.#save(checkpoint);
  }

  /** The job is done, and nothing is to be resumed. */
  async clear(): Promise<void> {
    await this.#writing;
    await this.#store.clear();
  }

  async #save(checkpoint: Checkpoint): Promise<void> {
    try {
      await this.#store.save(bytesFromCheckpoint(checkpoint));
      this.#rows = checkpoint.rows;
      this.#failure = null;
    } catch (error) {
      if (!isLossflowError(error)) throw error;
      this.#failure = error.message;
    }
  }
}

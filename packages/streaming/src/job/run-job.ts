import { LossflowError } from "@lossflow/core";
import { createFold, mergeFold, type FoldState } from "../fold/fold-state.ts";
import { foldFromBytes } from "../fold/fold-bytes.ts";
import { compilePlan, type CompiledPlan, type Plan } from "../fold/plan.ts";
import { runnerOfPool } from "../pool/create-pool.ts";
import { aborted } from "../pool/worker-pool.ts";
import { Arena } from "../source/arena.ts";
import type { OpenTable, Segment, TableSource } from "../source/table-source.ts";
import { errorFromData } from "../worker/error-data.ts";
import type { FoldResult } from "../worker/fold-task.ts";
import { planFromColumns, type JobSpec } from "./job-spec.ts";
import { OrderedResults } from "./ordered-results.ts";
import { snapshotFromFold, type SourceStart } from "./snapshot-from-fold.ts";
import type { Snapshot } from "./snapshot.ts";
import { TaskBatcher, type Batch } from "./task-batcher.ts";

/** A source that gives nothing for this many milliseconds has what it gave folded, small as it may be. */
const PATIENCE = 20;

/**
 * Reads sources in order, folds them in the pool, and gives a snapshot now and then and at the end.
 *
 * At most twice as many chunks as there are workers are in memory at a time; reading waits for them. Of several
 * refusals that of the earliest rows is thrown, whichever worker met its own first.
 * @throws LF_*; LF_ABORTED after `signal`. Memory and sources have been given back then.
 */
export async function runJob(
  sources: readonly TableSource[],
  spec: JobSpec,
  signal: AbortSignal,
  emit: (snapshot: Snapshot) => void,
): Promise<void> {
  const job = new Job(sources, spec, signal, emit);
  await job.run();
}

interface Folded {
  readonly batch: Batch;
  /** Bytes of all sources that have been read with it. */
  readonly bytes: number;
  readonly result: FoldResult;
}

class Job {
  readonly #sources: readonly TableSource[];
  readonly #spec: JobSpec;
  readonly #signal: AbortSignal;
  readonly #emit: (snapshot: Snapshot) => void;
  /** Reading ends when the job is cancelled, and when a chunk has failed: a source may be silent for ever. */
  readonly #halt = new AbortController();
  readonly #runner;
  readonly #engine;
  readonly #arena: Arena;
  readonly #results: OrderedResults<Folded>;
  readonly #starts: SourceStart[] = [];
  readonly #began = performance.now();
  #plan: Plan | undefined;
  #planText = "";
  #compiled: CompiledPlan | undefined;
  #fold: FoldState = { groups: null, windows: null, losses: [] };
  #rowsRead = 0;
  #rows = 0;
  #bytes = 0;
  #bytesBefore = 0;
  #totalBytes: number | null = 0;
  #nextEmit = 0;

  constructor(
    sources: readonly TableSource[],
    spec: JobSpec,
    signal: AbortSignal,
    emit: (snapshot: Snapshot) => void,
  ) {
    this.#sources = sources;
    this.#spec = spec;
    this.#signal = signal;
    this.#emit = emit;
    this.#runner = runnerOfPool(spec.options.pool);
    this.#engine = spec.options.pool.engine;
    const credits = 2 * Math.max(1, this.#runner.workers);
    this.#arena = new Arena(4 * credits, this.#runner.shared);
    const halt = (): void => this.#halt.abort();
    this.#results = new OrderedResults(credits, (folded) => this.#merge(folded), halt);
    signal.addEventListener("abort", halt, { signal: this.#halt.signal });
    if (signal.aborted) halt();
  }

  async run(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    try {
      for (const source of this.#sources) {
        await this.#read(source);
      }
    } catch (error) {
      failure = { error };
    }
    // Rows that were read before a source failed come first, and so do their refusals.
    await this.#results.end();
    if (failure !== undefined) throw failure.error;
    this.#checkSignal();
    this.#emit(this.#snapshot(true));
  }

  async #read(source: TableSource): Promise<void> {
    const table = await this.#unlessHalted(source.open());
    try {
      this.#totalBytes =
        this.#totalBytes === null || table.size === undefined ? null : this.#totalBytes + table.size;
      this.#starts.push({ name: table.name, firstRow: this.#rowsRead });
      const plan = this.#planOf(table);
      await this.#readSegments(table, plan.columns);
      this.#bytesBefore += table.size ?? 0;
    } finally {
      await this.#end(table.close());
    }
  }

  async #readSegments(table: OpenTable, wanted: readonly string[]): Promise<void> {
    const iterator = table.segments(wanted, this.#arena)[Symbol.asyncIterator]();
    const batcher = new TaskBatcher(this.#plan!);
    try {
      for (;;) {
        const next = await this.#next(iterator, batcher);
        if (next.done === true) break;
        batcher.add(next.value, table.name, this.#rowsRead);
        this.#rowsRead += next.value.rows;
        if (batcher.full) await this.#send(batcher);
      }
    } finally {
      if (!batcher.empty) {
        if (this.#halt.signal.aborted) batcher.take().release();
        else await this.#send(batcher);
      }
      if (iterator.return !== undefined) await this.#end(iterator.return());
    }
  }

  /** Pulls the next segment; what has been gathered is sent off where the source is slow to give more. */
  async #next(
    iterator: AsyncIterator<Segment>,
    batcher: TaskBatcher,
  ): Promise<IteratorResult<Segment, unknown>> {
    const next = this.#unlessHalted(iterator.next());
    if (batcher.empty) return next;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<"waited">((resolve) => {
      timer = setTimeout(() => resolve("waited"), PATIENCE);
    });
    try {
      if ((await Promise.race([next, patience])) === "waited") await this.#send(batcher);
    } finally {
      clearTimeout(timer);
    }
    return next;
  }

  /** Waits for a source, but not once reading is to end. @throws LF_ABORTED, which gives way to a failure */
  async #unlessHalted<T>(wait: Promise<T>): Promise<T> {
    const { promise: cancelled, reject } = withReject();
    const stop = (): void => reject(aborted());
    this.#halt.signal.addEventListener("abort", stop);
    if (this.#halt.signal.aborted) stop();
    try {
      return await Promise.race([wait, cancelled]);
    } finally {
      this.#halt.signal.removeEventListener("abort", stop);
    }
  }

  /** Waits until a source has closed, but not for ever where reading was ended. */
  async #end(closing: Promise<unknown>): Promise<void> {
    if (!this.#halt.signal.aborted) {
      await closing;
      return;
    }
    await Promise.race([
      Promise.allSettled([closing]),
      new Promise((resolve) => setTimeout(resolve, PATIENCE)),
    ]);
  }

  async #send(batcher: TaskBatcher): Promise<void> {
    await this.#results.credit();
    const batch = batcher.take();
    const { segments } = batch;
    const bytes = this.#bytesBefore + batch.position;
    const folded = this.#runner
      .run({ plan: this.#planText, segments }, this.#signal)
      .then((result) => ({ batch, bytes, result }));
    // The worker reads the batch no more once the run has settled, well or not.
    this.#results.push(folded.finally(() => batch.release()));
  }

  #merge({ batch, bytes, result }: Folded): void {
    if (!result.ok) throw errorFromData(result.error);
    mergeFold(this.#fold, foldFromBytes(result.state, this.#compiled!), this.#compiled!);
    this.#rows += batch.rows;
    this.#bytes = bytes;
    const { every = 250 } = this.#spec.options;
    const began = performance.now();
    if (this.#signal.aborted || began < this.#nextEmit) return;
    this.#emit(this.#snapshot(false));
    // A snapshot of many groups takes a while; no more than a fifth of the time goes into them.
    const took = performance.now() - began;
    this.#nextEmit = every === 0 ? 0 : began + Math.max(every, 5 * took);
  }

  #planOf(table: OpenTable): Plan {
    const plan = planFromColumns(this.#spec, table.columns, table.name);
    const text = JSON.stringify(plan);
    if (this.#plan === undefined) {
      this.#plan = plan;
      this.#planText = text;
      this.#compiled = compilePlan(plan, null);
      this.#fold = createFold(this.#compiled);
    } else if (text !== this.#planText) {
      throw new LossflowError(
        "LF_SHAPE",
        `${table.name} gives the columns ${plan.columns.join(", ")} where the sources before it give ${this.#plan.columns.join(", ")}.`,
        { path: table.name },
      );
    }
    return plan;
  }

  #snapshot(done: boolean): Snapshot {
    const elapsedMs = performance.now() - this.#began;
    const by = this.#plan?.by.map((position) => this.#plan!.columns[position]!) ?? [];
    return snapshotFromFold(this.#fold, this.#spec, by, this.#rows, this.#starts, {
      done,
      progress: {
        rows: this.#rows,
        bytes: this.#bytes,
        totalBytes: this.#totalBytes,
        elapsedMs,
        rowsPerSecond: elapsedMs > 0 ? (this.#rows / elapsedMs) * 1000 : 0,
      },
      workers: this.#runner.workers,
      engine: this.#engine,
    });
  }

  #checkSignal(): void {
    if (this.#signal.aborted) throw aborted();
  }
}

function withReject(): { promise: Promise<never>; reject: (error: unknown) => void } {
  let reject!: (error: unknown) => void;
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}

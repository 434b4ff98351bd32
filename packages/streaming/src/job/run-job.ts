import { isLossflowError, LossflowError } from "@lossflow/core";
import type { Checkpoint, SourcePrint } from "../checkpoint/checkpoint.ts";
import type { Checkpoints } from "../checkpoint/checkpoints.ts";
import { createFold, mergeFold, type FoldState } from "../fold/fold-state.ts";
import { bytesFromFold, foldFromBytes, partFromBytes } from "../fold/fold-bytes.ts";
import { compilePlan, isOfTotalsAlone, type CompiledPlan, type Plan } from "../fold/plan.ts";
import { runnerOfPool } from "../pool/create-pool.ts";
import { StateRooms } from "../pool/state-rooms.ts";
import { aborted } from "../pool/worker-pool.ts";
import { Arena } from "../source/arena.ts";
import type { OpenTable, TableSource } from "../source/table-source.ts";
import { errorFromData } from "../worker/error-data.ts";
import type { FoldResult } from "../worker/fold-task.ts";
import { Halt } from "./halt.ts";
import { planFromColumns, type JobSpec } from "./job-spec.ts";
import { OrderedResults } from "./ordered-results.ts";
import { snapshotFromFold, type SourceStart } from "./snapshot-from-fold.ts";
import { nextOrSend } from "./next-or-send.ts";
import { badOption } from "./options.ts";
import { progressFrom } from "./progress-from.ts";
import type { Progress, QuarantinedRows, Snapshot } from "./snapshot.ts";
import { TaskBatcher, TaskGrowth, type Batch } from "./task-batcher.ts";

/** Milliseconds between tellings of the progress. */
const PROGRESS_INTERVAL = 100;

/**
 * Reads sources in order, folds them in the pool, and gives a snapshot now and then and at the end.
 *
 * At most twice as many chunks as there are workers are in memory at a time; reading waits for them. Of several
 * refusals that of the earliest rows is thrown, whichever worker met its own first.
 * With checkpoints it goes on where the last one was written, and writes one when it is cancelled or its workers fail.
 * @throws LF_*; LF_ABORTED after `signal`. Memory and sources have been given back then.
 */
export async function runJob(
  sources: readonly TableSource[],
  spec: JobSpec,
  signal: AbortSignal,
  emit: (snapshot: Snapshot) => void,
  checkpoints: Checkpoints | null = null,
): Promise<void> {
  const job = new Job(sources, spec, signal, emit, checkpoints);
  await job.run();
}

interface Folded {
  readonly batch: Batch;
  /** Bytes of all sources that have been read with it. */
  readonly bytes: number;
  /** Which source, and how many of its rows have been read with it. */
  readonly source: number;
  readonly rowsInSource: number;
  readonly result: FoldResult | { readonly quarantined: QuarantinedRows };
}

/** Failures that are not of the data: what was folded before them is worth keeping. */
const RESUMABLE: ReadonlySet<string> = new Set([
  "LF_ABORTED",
  "LF_CHUNK_FAILED",
  "LF_POOL_CLOSED",
  "LF_UNREADABLE",
]);

class Job {
  readonly #sources: readonly TableSource[];
  readonly #spec: JobSpec;
  readonly #signal: AbortSignal;
  readonly #emit: (snapshot: Snapshot) => void;
  readonly #checkpoints: Checkpoints | null;
  readonly #prints: SourcePrint[] = [];
  readonly #quarantined: QuarantinedRows[] = [];
  readonly #halt: Halt;
  readonly #runner;
  readonly #engine;
  readonly #arena: Arena;
  readonly #results: OrderedResults<Folded>;
  readonly #rooms: StateRooms;
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
  readonly #growth = new TaskGrowth();
  #nextEmit = 0;
  #nextProgress = 0;
  #resumed: Checkpoint | null = null;
  /** Rows that the figures hold, of the source that they end in. */
  #reached = { source: 0, rows: 0 };

  constructor(
    sources: readonly TableSource[],
    spec: JobSpec,
    signal: AbortSignal,
    emit: (snapshot: Snapshot) => void,
    checkpoints: Checkpoints | null,
  ) {
    this.#checkpoints = checkpoints;
    this.#sources = sources;
    this.#spec = spec;
    this.#signal = signal;
    this.#emit = emit;
    this.#runner = runnerOfPool(spec.options.pool);
    this.#engine = spec.options.pool.engine;
    const workers = Math.max(1, this.#runner.workers);
    // States of many groups are large, and those that wait for an earlier one take memory.
    const credits = spec.options.by === undefined ? 2 * workers : workers + 1;
    this.#arena = new Arena(4 * credits, this.#runner.shared);
    this.#rooms = new StateRooms(Math.max(1, this.#runner.workers));
    this.#halt = new Halt(signal);
    this.#results = new OrderedResults(
      credits,
      (folded) => this.#merge(folded),
      () => this.#halt.halt(),
    );
  }

  async run(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    try {
      this.#resumed = await this.#loadCheckpoint();
      const first = Math.max(0, (this.#resumed?.sources.length ?? 0) - 1);
      for (let i = first; i < this.#sources.length; i++) {
        await this.#read(i, i === first ? (this.#resumed?.rowsInSource ?? 0) : 0);
      }
    } catch (error) {
      failure = { error };
    }
    try {
      // Rows that were read before a source failed come first, and so do their refusals.
      await this.#results.end();
      if (failure !== undefined) throw failure.error;
      this.#checkSignal();
    } catch (error) {
      if (isLossflowError(error) && RESUMABLE.has(error.code) && this.#rows > 0)
        await this.#checkpoints?.writeLast(this.#checkpoint());
      throw error;
    }
    await this.#checkpoints?.clear();
    // Of a file more than the wanted columns have been gone over: what lies between them and behind.
    this.#bytes = this.#totalBytes ?? this.#bytes;
    const last = this.#snapshot(true);
    this.#spec.options.progress?.next(last.progress);
    this.#emit(last);
  }

  /** @throws LF_CHECKPOINT_DIFFERS where the sources are not those of the checkpoint */
  async #loadCheckpoint(): Promise<Checkpoint | null> {
    if (this.#checkpoints === null) return null;
    const once = this.#sources.find((source) => source.print === undefined);
    if (once !== undefined)
      throw badOption(`${once.name} can be read only once, so a checkpoint of it is of no use; give files.`);
    const checkpoint = await this.#checkpoints.load();
    if (checkpoint !== null)
      this.#prints.push(...(await this.#checkpoints.printsOf(checkpoint, this.#sources)));
    return checkpoint;
  }

  /** @param skip rows at its beginning that the figures hold already */
  async #read(i: number, skip: number): Promise<void> {
    const source = this.#sources[i]!;
    if (this.#checkpoints !== null) this.#prints[i] ??= await this.#halt.orWait(source.print!());
    const table = await this.#halt.orWait(source.open(this.#signal));
    try {
      this.#totalBytes =
        this.#totalBytes === null || table.size === undefined ? null : this.#totalBytes + table.size;
      const plan = this.#planOf(table);
      if (this.#starts.length <= i) this.#starts.push({ name: table.name, firstRow: this.#rowsRead });
      await this.#readSegments(table, plan.columns, i, skip);
      this.#bytesBefore += table.size ?? 0;
    } finally {
      await this.#halt.orClose(table.close());
    }
  }

  async #readSegments(
    table: OpenTable,
    wanted: readonly string[],
    source: number,
    skip: number,
  ): Promise<void> {
    const short = !isOfTotalsAlone(this.#plan!);
    const iterator = table.segments(wanted, this.#arena, short)[Symbol.asyncIterator]();
    const { workers } = this.#runner;
    const batcher = new TaskBatcher(this.#plan!, this.#growth, { size: table.size, workers });
    let rowsInSource = 0;
    const send = (): Promise<void> => this.#send(batcher, source, rowsInSource);
    try {
      for (;;) {
        await this.#results.memory();
        const next = await nextOrSend(iterator, this.#halt, batcher, send);
        if (next.done === true) break;
        rowsInSource += next.value.rows;
        if (rowsInSource <= skip) {
          next.value.release();
          continue;
        }
        // Chunks are cut alike each time, unless another version of this engine cuts them.
        if (rowsInSource - next.value.rows < skip)
          throw this.#checkpoints!.differs("another version of the engine wrote it");
        batcher.add(next.value, table.name, this.#rowsRead);
        this.#rowsRead += next.value.rows;
        if (batcher.full) await send();
      }
    } finally {
      if (!batcher.empty) {
        if (this.#halt.halted) batcher.take().release();
        else await send();
      }
      if (iterator.return !== undefined) await this.#halt.orClose(iterator.return());
    }
  }

  async #send(batcher: TaskBatcher, source: number, rowsInSource: number): Promise<void> {
    await this.#results.credit();
    const batch = batcher.take();
    const { segments } = batch;
    const place = { batch, bytes: this.#bytesBefore + batch.position, source, rowsInSource };
    const run = this.#runner.run({ plan: this.#planText, segments }, this.#signal, this.#rooms);
    const folded = run.then(
      (result) => ({ ...place, result }),
      (error: unknown) => ({ ...place, result: { quarantined: this.#quarantine(batch, error) } }),
    );
    // The worker reads the batch no more once the run has settled, well or not.
    this.#results.push(
      folded.finally(() => batch.release()),
      batch.bytes,
    );
  }

  /** Names the rows of a batch on which workers failed, where that is asked for. @throws what they failed with, else */
  #quarantine({ rows, segments }: Batch, error: unknown): QuarantinedRows {
    if (this.#spec.options.quarantine !== true || !isLossflowError(error) || error.code !== "LF_CHUNK_FAILED")
      throw error;
    const { source, firstRow } = segments[0]!;
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    return { source, from: firstRow, to: firstRow + rows, why };
  }

  #merge({ batch, bytes, source, rowsInSource, result }: Folded): void {
    if ("quarantined" in result) this.#quarantined.push(result.quarantined);
    else if (!result.ok) throw errorFromData(result.error);
    else {
      const part = partFromBytes(result.state, this.#compiled!);
      mergeFold(this.#fold, part, this.#compiled!);
      if (part.groups !== null) this.#growth.note(batch.rows, part.groups.length, this.#plan!);
      // The part shared it, and has been merged.
      this.#rooms.give(result.state);
    }
    this.#rows += batch.rows;
    this.#bytes = bytes;
    this.#reached = { source, rows: rowsInSource };
    this.#checkpoints?.write(() => this.#checkpoint());
    const { every = 250, progress } = this.#spec.options;
    const began = performance.now();
    if (this.#signal.aborted) return;
    if (began >= this.#nextProgress) {
      this.#nextProgress = began + PROGRESS_INTERVAL;
      progress?.next(this.#progress());
    }
    if (began < this.#nextEmit || every === Infinity) return;
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
      if (this.#resumed !== null) this.#restore(this.#resumed, text, this.#compiled);
    } else if (text !== this.#planText) {
      throw new LossflowError(
        "LF_SHAPE",
        `${table.name} gives the columns ${plan.columns.join(", ")} where the sources before it give ${this.#plan.columns.join(", ")}.`,
        { path: table.name },
      );
    }
    return plan;
  }

  #restore(checkpoint: Checkpoint, plan: string, compiled: CompiledPlan): void {
    if (checkpoint.plan !== plan)
      throw this.#checkpoints!.differs("its losses, columns, options or engine are not those asked for");
    this.#fold = this.#checkpoints!.ofThisVersion(() => foldFromBytes(checkpoint.state, compiled));
    this.#rows = checkpoint.rows;
    this.#rowsRead = checkpoint.rows;
    this.#starts.push(...checkpoint.sources.map(({ name, firstRow }) => ({ name, firstRow })));
    this.#quarantined.push(...checkpoint.quarantined);
    this.#reached = { source: checkpoint.sources.length - 1, rows: checkpoint.rowsInSource };
    for (const { print } of checkpoint.sources.slice(0, -1)) {
      this.#bytesBefore += print.bytes;
      if (this.#totalBytes !== null) this.#totalBytes += print.bytes;
    }
    this.#spec.options.progress?.next(this.#progress());
    this.#emit(this.#snapshot(false));
  }

  #checkpoint(): Checkpoint {
    const { source, rows } = this.#reached;
    return {
      plan: this.#planText,
      sourceCount: this.#sources.length,
      sources: this.#starts
        .slice(0, source + 1)
        .map(({ name, firstRow }, i) => ({ name, firstRow, print: this.#prints[i]! })),
      rows: this.#rows,
      rowsInSource: rows,
      quarantined: this.#quarantined,
      state: bytesFromFold(this.#fold, this.#compiled!.tableRoom),
    };
  }

  #progress(done = false): Progress {
    const progress = progressFrom({
      rows: this.#rows,
      // What a checkpoint brought along took none of the time.
      ownRows: this.#rows - (this.#resumed?.rows ?? 0),
      bytes: this.#bytes,
      totalBytes: this.#totalBytes,
      elapsedMs: performance.now() - this.#began,
      done,
    });
    return this.#checkpoints === null ? progress : { ...progress, checkpoint: this.#checkpoints.progress };
  }

  #snapshot(done: boolean): Snapshot {
    const names = (positions: readonly number[] = []): string[] =>
      positions.map((position) => this.#plan!.columns[position]!);
    const columns = { by: names(this.#plan?.by), show: names(this.#plan?.show) };
    return snapshotFromFold(this.#fold, this.#spec, columns, this.#rows, this.#starts, {
      done,
      progress: this.#progress(done),
      ...(this.#spec.options.quarantine === true ? { quarantined: [...this.#quarantined] } : {}),
      workers: this.#runner.workers,
      engine: this.#engine,
    });
  }

  #checkSignal(): void {
    if (this.#signal.aborted) throw aborted();
  }
}

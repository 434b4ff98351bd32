import { createHash, randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { LossflowError } from "@lossflow/core";
import { sliceColumn } from "../columns/slice-column.ts";
import { compilePlan, type Plan } from "../fold/plan.ts";
import { jobSpecFromOptions, planFromColumns, type JobSpec } from "../job/job-spec.ts";
import { badOption, type LossJobOptions } from "../job/options.ts";
import { snapshotFromFold, type SnapshotFrame, type SourceStart } from "../job/snapshot-from-fold.ts";
import type { Snapshot } from "../job/snapshot.ts";
import { numbersIn } from "../job/task-batcher.ts";
import { Arena } from "../source/arena.ts";
import { sourcesAt, type NamedSource } from "../source/sources-at.node.ts";
import type { OpenTable, Segment, TableSource } from "../source/table-source.ts";
import { columnsFromPayload } from "../worker/columns-from-payload.ts";
import { arithmeticOf } from "./arithmetic.ts";
import { bytesFromChunk, type ChunkContent } from "./chunk-bytes.ts";
import { printFile } from "./file-print.ts";
import { JobState } from "./job-state.ts";
import { fileOfSource, type SourceFile } from "./source-file.ts";

/** A chunk that is to be sent. */
export interface PlannedChunk {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/**
 * Numbers of a chunk by reference: ten milliseconds of work of a fast loss for a message of a few hundred bytes. Of many
 * files up to four times as many, as long as some hundreds of chunks remain to be shared.
 */
const REFERENCE_NUMBERS = 2 ** 22;
const MOST_REFERENCE_NUMBERS = 2 ** 24;
const CHUNKS_TO_SHARE = 512;
/** Of a chunk by value: with float32 columns 896 KiB, which is one message, nearly as long as servers take them. */
const VALUE_NUMBERS = 7 * 2 ** 15;
/** A chunk that is as full as this is not filled with a sliver of the next rows. */
const FULL = 7 / 8;

/** A job cut into chunks that any machine can fold. */
export class PlannedJob {
  /** What is done with every row, as JSON. */
  readonly plan: string;
  /** Whose arithmetic, as {@link arithmeticOf} names it. */
  readonly engine: string;
  /** Whether chunks say where their rows stand: where all sources are Arrow and Parquet files. Else they carry them. */
  readonly byReference: boolean;
  /** About how many chunks there are, by the sizes of its files; 0 where they say nothing. */
  readonly aboutChunks: number;
  readonly #spec: JobSpec;
  readonly #sources: readonly NamedSource[];
  readonly #chunkNumbers: number;
  readonly #starts: SourceStart[] = [];
  /** The first source, open since its columns were looked at: a stream cannot be opened twice. */
  #first: OpenTable | undefined;
  #rows = 0;

  private constructor(
    spec: JobSpec,
    sources: readonly NamedSource[],
    first: OpenTable,
    plan: Plan,
    chunkNumbers: number | undefined,
    files: readonly SourceFile[],
  ) {
    this.#spec = spec;
    this.#sources = sources;
    this.#first = first;
    this.plan = JSON.stringify(plan);
    this.engine = arithmeticOf(plan.engine);
    this.byReference = first.outline !== undefined && files.every(({ isReferable }) => isReferable);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const shared = bytes / Float32Array.BYTES_PER_ELEMENT / CHUNKS_TO_SHARE;
    const numbers = Math.min(Math.max(shared, REFERENCE_NUMBERS), MOST_REFERENCE_NUMBERS);
    this.#chunkNumbers = chunkNumbers ?? (this.byReference ? numbers : VALUE_NUMBERS);
    this.aboutChunks = Math.ceil(bytes / Float32Array.BYTES_PER_ELEMENT / this.#chunkNumbers);
  }

  /**
   * Opens the first source and plans what is done with every row. Strings are paths of files or folders, and addresses of
   * files on servers, whose rows are sent.
   * @param chunkNumbers about how many numbers make a chunk
   * @throws LF_BAD_OPTION, LF_UNKNOWN_COLUMN, ... and what opening a source throws
   */
  static async open(
    sources: readonly (string | TableSource)[],
    options: LossJobOptions,
    chunkNumbers?: number,
  ): Promise<PlannedJob> {
    if (sources.length === 0) throw new LossflowError("LF_BAD_OPTION", "A job has no source; give one.");
    const spec = jobSpecFromOptions(options);
    const planned = sources.flatMap((given) =>
      typeof given === "string" ? sourcesAt(given).map(withWholePath) : [{ source: given, path: undefined }],
    );
    const first = await planned[0]!.source.open();
    try {
      const plan = planFromColumns(spec, first.columns, first.name);
      const { windowCut } = compilePlan(plan, null);
      if (windowCut !== null && windowCut.lateness !== null) {
        throw badOption(
          "windows that close for late rows need all rows in one order, which chunks on several machines have not; leave the lateness out.",
        );
      }
      const files: SourceFile[] = [];
      for (const { path } of planned) files.push(await fileOfSource(path));
      return new PlannedJob(spec, planned, first, plan, chunkNumbers, files);
    } catch (error) {
      await first.close();
      throw error;
    }
  }

  /**
   * Tells its sources from others: paths, lengths, times and prints of its files. A source that is no file cannot be
   * read again, so nothing else is like it.
   */
  async identify(): Promise<string> {
    const hash = createHash("sha256");
    for (const { path } of this.#sources) {
      if (path === undefined) hash.update(randomUUID());
      // What cannot be read is refused when it is: here it is like nothing.
      else hash.update(await printOf(path).catch(() => randomUUID()));
    }
    return hash.digest("hex");
  }

  /** The state of no chunk. */
  openState(): JobState {
    return JobState.open(this.plan);
  }

  /** Gives the chunks in order, once. @throws what reading a source throws; LF_SHAPE where its columns differ */
  async *chunks(): AsyncGenerator<PlannedChunk> {
    for (const { source, path } of this.#sources) {
      const table = this.#first ?? (await source.open());
      this.#first = undefined;
      try {
        this.#checkPlan(table);
        this.#starts.push({ name: table.name, firstRow: this.#rows });
        if (this.byReference && path !== undefined) yield* this.#references(table, path);
        else yield* this.#values(table);
      } finally {
        await table.close();
      }
    }
  }

  /** Reads the figures of a state. @throws what a chunk refused */
  snapshot(
    state: JobState,
    frame: Pick<SnapshotFrame, "workers"> & { readonly elapsedMs: number },
  ): Snapshot {
    state.check();
    const { columns, by, show, engine } = JSON.parse(this.plan) as Plan;
    const named = (positions: readonly number[]): string[] => positions.map((position) => columns[position]!);
    const rows = this.#rows;
    return snapshotFromFold(
      state.fold,
      this.#spec,
      { by: named(by), show: named(show) },
      rows,
      this.#starts,
      {
        done: true,
        progress: {
          rows,
          bytes: 0,
          totalBytes: null,
          remainingMs: 0,
          elapsedMs: frame.elapsedMs,
          rowsPerSecond: frame.elapsedMs > 0 ? (rows / frame.elapsedMs) * 1000 : 0,
        },
        workers: frame.workers,
        engine,
      },
    );
  }

  async *#references(table: OpenTable, path: string): AsyncGenerator<PlannedChunk> {
    const { size, print } = await printFile(path);
    const wanted = this.#wanted();
    if (table.outline === undefined) throw unlike(table.name);
    let from = 0;
    let to = 0;
    let rows = 0;
    let numbers = 0;
    const take = (): PlannedChunk => {
      const place = { path, source: table.name, size, print, wanted, from, to, firstRow: this.#rows, rows };
      const chunk = { bytes: bytesFromChunk({ kind: "reference", ...place }), rows };
      this.#rows += rows;
      from = to;
      rows = 0;
      numbers = 0;
      return chunk;
    };
    for await (const part of table.outline(wanted)) {
      to++;
      rows += part.rows;
      numbers += part.numbers;
      if (numbers >= this.#chunkNumbers) yield take();
    }
    if (rows > 0) yield take();
  }

  async *#values(table: OpenTable): AsyncGenerator<PlannedChunk> {
    let held: Segment[] = [];
    let numbers = 0;
    const take = (): PlannedChunk => {
      let firstRow = this.#rows;
      const segments = held.map(({ rows, payload }) => {
        const segment = { source: table.name, firstRow, rows, payload };
        firstRow += rows;
        return segment;
      });
      const content: ChunkContent = { kind: "value", segments };
      const chunk = { bytes: bytesFromChunk(content), rows: firstRow - this.#rows };
      for (const segment of held) segment.release();
      this.#rows = firstRow;
      held = [];
      numbers = 0;
      return chunk;
    };
    for await (const segment of table.segments(this.#wanted(), new Arena(4, false))) {
      for await (const part of withValues(segment, table.name, () => this.#chunkNumbers - numbers)) {
        const more = numbersIn(part.payload);
        // What cannot be cut does not make a chunk longer than a message.
        if (held.length > 0 && numbers + more > this.#chunkNumbers) yield take();
        held.push(part);
        numbers += more;
        if (numbers >= FULL * this.#chunkNumbers) yield take();
      }
    }
    if (held.length > 0) yield take();
  }

  #wanted(): readonly string[] {
    return (JSON.parse(this.plan) as Plan).columns;
  }

  #checkPlan(table: OpenTable): void {
    if (JSON.stringify(planFromColumns(this.#spec, table.columns, table.name)) !== this.plan)
      throw unlike(table.name);
  }
}

/** A segment whose payload carries its rows: those that stand in a file are read, as many numbers at a time as `room` says. */
async function* withValues(segment: Segment, source: string, room: () => number): AsyncGenerator<Segment> {
  const { payload, rows } = segment;
  if (payload.kind !== "arrow") {
    yield segment;
    return;
  }
  const { columns } = await columnsFromPayload(payload, rows, source, 0);
  segment.release();
  const each = Math.max(1, numbersIn(payload)) / rows;
  for (let from = 0, to = 0; from < rows; from = to) {
    to = Math.min(from + Math.max(1, Math.floor(room() / each)), rows);
    const part = columns.map((column) => sliceColumn(column, from, to));
    const { position } = segment;
    yield {
      rows: to - from,
      payload: { kind: "columns", columns: part },
      position,
      release: () => undefined,
    };
  }
}

/** Workers have working folders of their own. */
function withWholePath({ source, path }: NamedSource): NamedSource {
  return { source, path: path === undefined ? undefined : resolve(path) };
}

async function printOf(path: string): Promise<string> {
  return JSON.stringify([path, await printFile(path), (await stat(path)).mtimeMs]);
}

function unlike(source: string): LossflowError {
  return new LossflowError(
    "LF_SHAPE",
    `${source} has other columns than the source before it; give sources that are alike.`,
    { path: source },
  );
}

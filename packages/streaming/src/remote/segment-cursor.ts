import { LossflowError } from "@lossflow/core";
import { Arena } from "../source/arena.ts";
import { fileSource } from "../source/file-source.ts";
import type { OpenTable, Segment } from "../source/table-source.ts";
import type { ChunkReference } from "./chunk-bytes.ts";
import { printFile } from "./file-print.ts";

/** Segments held at a time, read ahead of their folding. */
const MOST_BLOCKS = 64;

/** Reads the segments of one file that chunks refer to; forwards without opening it again. */
export class SegmentCursor {
  readonly #arena: Arena;
  #table: OpenTable | undefined;
  #iterator: AsyncIterator<Segment> | undefined;
  /** The segment that the iterator gives next. */
  #next = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(shared: boolean) {
    this.#arena = new Arena(MOST_BLOCKS, shared);
  }

  /** Gives the segments of a chunk; whoever has folded them releases them. @throws LF_SOURCE_CHANGED, LF_NOT_FOUND, LF_* */
  take(chunk: ChunkReference): Promise<Segment[]> {
    const taken = this.#turn.then(() => this.#take(chunk));
    this.#turn = taken.catch(() => this.#close());
    return taken;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#close();
  }

  async #take(chunk: ChunkReference): Promise<Segment[]> {
    if (this.#iterator === undefined || this.#next > chunk.from) await this.#open(chunk);
    const segments: Segment[] = [];
    let rows = 0;
    while (this.#next < chunk.to) {
      const { done, value } = await this.#iterator!.next();
      if (done === true) break;
      if (this.#next++ < chunk.from) {
        value.release();
        continue;
      }
      segments.push(value);
      rows += value.rows;
    }
    if (rows === chunk.rows) return segments;
    for (const segment of segments) segment.release();
    throw changed(chunk);
  }

  async #open(chunk: ChunkReference): Promise<void> {
    await this.#close();
    const table = await fileSource(chunk.path, chunk.source).open();
    this.#table = table;
    const { size, print } = await printFile(chunk.path);
    if (size !== chunk.size || print !== chunk.print) throw changed(chunk);
    this.#iterator = table.segments(chunk.wanted, this.#arena)[Symbol.asyncIterator]();
    this.#next = 0;
  }

  async #close(): Promise<void> {
    const table = this.#table;
    this.#table = undefined;
    this.#iterator = undefined;
    await table?.close();
  }
}

function changed({ source }: ChunkReference): LossflowError {
  return new LossflowError(
    "LF_SOURCE_CHANGED",
    `${source} is not the file that the job was planned over; submit the job again, over files that stay as they are.`,
    { path: source },
  );
}

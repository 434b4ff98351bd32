import { LossflowError } from "@lossflow/core";
import type { Column } from "../columns/column.ts";
import { numbersIn } from "../job/task-batcher.ts";
import { Arena } from "../source/arena.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { namedRefusal } from "../source/named-refusal.ts";
import type { OpenTable, Payload, Segment } from "../source/table-source.ts";
import { columnsOfRows, rangesOfRows, type BatchRows } from "./batch-rows.ts";
import { canSplit, partOfBatch } from "./columns-from-batch.ts";
import { checkBlocks, readFooter, type ArrowBlock, type ArrowFooter } from "./footer.ts";
import { readFrame, truncated } from "./ipc-frames.ts";
import { loadRanges } from "./load-ranges.ts";
import type { ArrowBatch } from "./message.ts";
import type { ArrowField, ArrowSchema } from "./schema.ts";

/** A long batch of fixed-width columns is read in pieces of about this many bytes, at eight a number. */
const PIECE_BYTES = 2 ** 20;
/** The same where workers read for themselves: nothing is in memory between a piece's reading and its folding. */
const FILE_PIECE_BYTES = 2 ** 24;
/** A file that comes as a stream, with its schema at its end, is held in memory up to this size. */
const MOST_STREAM_BYTES = 2 ** 30;
/** Bytes behind the end mark of a file that came as a stream: its footer. */
const MOST_FOOTER = 64 * 2 ** 20;

/**
 * Opens an Arrow IPC file or stream. Of each batch only the buffers of the wanted columns are read; of a long batch of
 * fixed-width columns only the rows of one piece at a time. A file is read as the stream that it contains, and its
 * footer must list exactly the batches that were met.
 * @throws LF_TRUNCATED, LF_ARROW_INVALID, LF_ARROW_UNSUPPORTED; from `segments` too.
 */
export async function openArrowTable(source: ByteSource): Promise<OpenTable> {
  const head = await source.read(0, 8);
  const isFile = head.length >= 6 && String.fromCharCode(...head.subarray(0, 6)) === "ARROW1";
  const known = isFile && source.size !== undefined ? await readFooter(source, source.size) : undefined;
  const { schema, start, footer } = await readSchema(source, isFile, known);
  const end = footer?.start ?? source.size;
  const stream = { source, schema, start, end, footer, isFile };
  return {
    name: source.name,
    size: source.size,
    columns: schema.fields.map((field) => field.name),
    async *segments(wanted, arena, short = false) {
      try {
        yield* readSegments(stream, wanted, arena, short);
      } catch (error) {
        throw namedRefusal(error, source.name);
      }
    },
    async *outline(wanted) {
      for await (const { rows, payload, release } of readSegments(
        stream,
        wanted,
        new Arena(1, false),
        false,
      )) {
        release();
        yield { rows, numbers: numbersIn(payload) };
      }
    },
    close: () => source.close(),
  };
}

/**
 * Reads the schema at the beginning; a file may have it in its footer alone, and where it comes as a stream it is then
 * read whole. Where both are there they must agree.
 */
async function readSchema(
  source: ByteSource,
  isFile: boolean,
  footer: ArrowFooter | undefined,
): Promise<{ schema: ArrowSchema; start: number; footer: ArrowFooter | undefined }> {
  const at = isFile ? 8 : 0;
  const first = await readFrame(source, at, footer?.start ?? source.size);
  if ("message" in first && first.message.kind === "schema") {
    const { schema, bodyLength } = first.message;
    if (footer !== undefined && JSON.stringify(schema) !== JSON.stringify(footer.schema)) {
      throw invalid(source, "the schemas at its beginning and in its footer differ");
    }
    return { schema, start: first.body + bodyLength, footer };
  }
  if (!isFile) throw invalid(source, "it does not begin with a schema");
  const found = footer ?? (await readFooter(source, (await source.read(0, MOST_STREAM_BYTES)).length));
  return { schema: found.schema, start: at, footer: found };
}

interface ArrowStream {
  readonly source: ByteSource;
  readonly schema: ArrowSchema;
  readonly start: number;
  readonly end: number | undefined;
  readonly footer: ArrowFooter | undefined;
  readonly isFile: boolean;
}

async function* readSegments(
  stream: ArrowStream,
  wanted: readonly string[],
  arena: Arena,
  short: boolean,
): AsyncGenerator<Segment> {
  const { source, schema } = stream;
  const positions = wanted.map((name) => schema.fields.findIndex((field) => field.name === name));
  const inSchemaOrder = [...positions].sort((a, b) => a - b);
  const order = positions.map((position) => inSchemaOrder.indexOf(position));
  const fields = inSchemaOrder.map((position) => schema.fields[position]!);
  const dictionaries = new DictionaryStore(fields);
  const common = { bigEndian: schema.bigEndian };
  const met = new Map<number, ArrowBlock>();
  let at = stream.start;
  for (;;) {
    source.release?.(at);
    const frame = await readFrame(source, at, stream.end);
    if ("end" in frame) {
      at = frame.end;
      break;
    }
    const { message } = frame;
    const next = frame.body + message.bodyLength;
    met.set(at, { metadata: frame.body - at, body: message.bodyLength });
    if (message.kind === "schema") throw invalid(source, "it holds a second schema");
    if (message.kind === "dictionary") {
      const field = dictionaries.field(message.id);
      if (field !== undefined) {
        const { batch } = message;
        const rows = { ...common, fields: [field], batch, order: [0], from: 0, to: batch.length };
        const loaded = await loadRows(
          source,
          frame.body,
          { ...rows, dictionaries: dictionaries.all() },
          arena,
        );
        dictionaries.add(message.id, message.delta, loaded.columns[0]!);
      }
    } else {
      const batch = partOfBatch(message.batch, schema.fields, (field) => positions.includes(field));
      const rows = { ...common, fields, batch, order, dictionaries: dictionaries.all() };
      const pieceRows = canSplit(fields, batch) ? rowsOfPiece(source, fields, short) : batch.length;
      for (const piece of pieces(batch, pieceRows)) {
        const { payload, release } = await payloadOf(source, frame.body, { ...rows, ...piece }, arena);
        yield { rows: piece.to - piece.from, payload, position: next, release };
      }
    }
    at = next;
  }
  await checkEnd(stream, at, met);
}

/** Checks what stands behind the end mark: the footer of a file, nothing in a stream. */
async function checkEnd(
  stream: ArrowStream,
  at: number,
  met: ReadonlyMap<number, ArrowBlock>,
): Promise<void> {
  const { source } = stream;
  if (stream.isFile) {
    const size = source.size ?? at + (await source.read(at, MOST_FOOTER)).length;
    const footer = stream.footer ?? (await readFooter(source, size));
    if (at > footer.start) throw truncated(source, at, "its footer is cut");
    if (at < footer.start)
      throw invalid(source, `${footer.start - at} bytes stand between the end of its batches and its footer`);
    checkBlocks(source, footer, met);
  } else if ((await source.read(at, 1)).length > 0) {
    throw invalid(
      source,
      `bytes follow the end of its stream at byte ${at}; give each stream as a source of its own`,
    );
  }
}

interface Piece {
  readonly from: number;
  readonly to: number;
}

function* pieces(batch: ArrowBatch, rows: number): Generator<Piece> {
  if (rows * 2 >= batch.length) {
    yield { from: 0, to: batch.length };
    return;
  }
  for (let from = 0; from < batch.length; from += rows)
    yield { from, to: Math.min(from + rows, batch.length) };
}

/** A multiple of 64, so that bitmaps are cut between bytes. */
function rowsOfPiece({ file }: ByteSource, fields: readonly ArrowField[], short: boolean): number {
  // With a third column comes more to be done for each row, and more memory that it is done in.
  const bytes = short || file === undefined || fields.length > 2 ? PIECE_BYTES : FILE_PIECE_BYTES;
  return Math.max(64, Math.floor(bytes / Math.max(1, bytesPerRow(fields)) / 64) * 64);
}

function bytesPerRow(fields: readonly ArrowField[]): number {
  const one = (field: ArrowField): number =>
    field.type.kind === "fixed-list" ? field.type.size * one(field.children[0]!) : 8;
  return fields.reduce((sum, field) => sum + one(field), 0);
}

/** What a worker needs of some rows: where they lie in a file that it reads itself, else their columns. */
async function payloadOf(
  source: ByteSource,
  body: number,
  rows: BatchRows,
  arena: Arena,
): Promise<{ payload: Payload; release: () => void }> {
  const { file } = source;
  if (file !== undefined) {
    return { payload: { kind: "arrow", file: file.descriptor, body, rows }, release: file.hold() };
  }
  const { columns, release } = await loadRows(source, body, rows, arena);
  return { payload: { kind: "columns", columns }, release };
}

/** Reads the bytes of some rows and builds the columns over them. */
async function loadRows(
  source: ByteSource,
  body: number,
  rows: BatchRows,
  arena: Arena,
): Promise<{ columns: Column[]; release: () => void }> {
  const { view, release } = await loadRanges(source, body, rangesOfRows(rows), arena);
  return { columns: columnsOfRows(rows, view), release };
}

/** The dictionaries that the wanted fields use, by id: added to by deltas, replaced otherwise. */
class DictionaryStore {
  readonly #fields = new Map<number, ArrowField>();
  readonly #chunks = new Map<number, readonly Column[]>();

  constructor(fields: readonly ArrowField[]) {
    const collect = (field: ArrowField): void => {
      if (field.dictionary !== undefined) {
        const { name, type, children } = field;
        this.#fields.set(field.dictionary.id, { name, type, children });
      }
      field.children.forEach(collect);
    };
    fields.forEach(collect);
  }

  field(id: number): ArrowField | undefined {
    return this.#fields.get(id);
  }

  add(id: number, delta: boolean, values: Column): void {
    this.#chunks.set(id, delta ? [...(this.#chunks.get(id) ?? []), values] : [values]);
  }

  all(): readonly (readonly [id: number, chunks: readonly Column[]])[] {
    return [...this.#chunks];
  }
}

function invalid(source: ByteSource, why: string): LossflowError {
  return new LossflowError("LF_ARROW_INVALID", `${source.name} is damaged: ${why}.`, { path: source.name });
}

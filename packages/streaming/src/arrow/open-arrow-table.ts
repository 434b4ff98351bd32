import { LossflowError } from "@lossflow/core";
import type { Column } from "../columns/column.ts";
import type { Arena } from "../source/arena.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { namedRefusal } from "../source/named-refusal.ts";
import type { OpenTable, Segment } from "../source/table-source.ts";
import { columnsFromBatch, canSplit, type BatchReading } from "./columns-from-batch.ts";
import { checkBlocks, readFooter, type ArrowFooter } from "./footer.ts";
import { readFrame, truncated } from "./ipc-frames.ts";
import { loadRanges, type ByteRange } from "./load-ranges.ts";
import type { ArrowBatch } from "./message.ts";
import type { ArrowField, ArrowSchema } from "./schema.ts";

/** A long batch of fixed-width columns is read in pieces of about this many bytes. */
const PIECE_BYTES = 2 ** 20;
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
  const footer = isFile && source.size !== undefined ? await readFooter(source, source.size) : undefined;
  const end = footer?.start ?? source.size;
  const { schema, start } = await readSchema(source, isFile ? 8 : 0, end, footer);
  return {
    name: source.name,
    size: source.size,
    columns: schema.fields.map((field) => field.name),
    async *segments(wanted, arena) {
      try {
        yield* readSegments({ source, schema, start, end, footer, isFile }, wanted, arena);
      } catch (error) {
        throw namedRefusal(error, source.name);
      }
    },
    close: () => source.close(),
  };
}

/** Reads the schema at the beginning; a file may have it in its footer alone. Where both are there they must agree. */
async function readSchema(
  source: ByteSource,
  at: number,
  end: number | undefined,
  footer: ArrowFooter | undefined,
): Promise<{ schema: ArrowSchema; start: number }> {
  const first = await readFrame(source, at, end);
  if ("message" in first && first.message.kind === "schema") {
    const { schema, bodyLength } = first.message;
    if (footer !== undefined && JSON.stringify(schema) !== JSON.stringify(footer.schema)) {
      throw invalid(source, "the schemas at its beginning and in its footer differ");
    }
    return { schema, start: first.body + bodyLength };
  }
  if (footer === undefined) throw invalid(source, "it does not begin with a schema");
  return { schema: footer.schema, start: at };
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
): AsyncGenerator<Segment> {
  const { source, schema } = stream;
  const positions = wanted.map((name) => schema.fields.findIndex((field) => field.name === name));
  const inSchemaOrder = [...positions].sort((a, b) => a - b);
  const order = positions.map((position) => inSchemaOrder.indexOf(position));
  const fields = inSchemaOrder.map((position) => schema.fields[position]!);
  const dictionaries = new DictionaryStore(fields);
  const met = new Set<number>();
  let at = stream.start;
  for (;;) {
    source.release?.(at);
    const frame = await readFrame(source, at, stream.end);
    if ("end" in frame) {
      at = frame.end;
      break;
    }
    const { message } = frame;
    met.add(at);
    const next = frame.body + message.bodyLength;
    if (message.kind === "schema") throw invalid(source, "it holds a second schema");
    const reading = {
      fields: schema.fields,
      bigEndian: schema.bigEndian,
      wanted: (field: number) => positions.includes(field),
      dictionary: (id: number) => dictionaries.chunks(id),
    };
    if (message.kind === "dictionary") {
      const field = dictionaries.field(message.id);
      if (field !== undefined) {
        const [piece] = pieces(message.batch, false, 1);
        const loaded = await readPiece(
          source,
          frame.body,
          message.batch,
          { ...reading, ...piece!, fields: [field], wanted: () => true },
          arena,
        );
        dictionaries.add(message.id, message.delta, loaded.columns[0]!);
      }
    } else {
      for (const piece of pieces(message.batch, canSplit(fields, message.batch), bytesPerRow(fields))) {
        const loaded = await readPiece(source, frame.body, message.batch, { ...reading, ...piece }, arena);
        yield {
          rows: piece.to - piece.from,
          payload: { kind: "columns", columns: order.map((i) => loaded.columns[i]!) },
          position: next,
          release: loaded.release,
        };
      }
    }
    at = next;
  }
  await checkEnd(stream, at, met);
}

/** Checks what stands behind the end mark: the footer of a file, nothing in a stream. */
async function checkEnd(stream: ArrowStream, at: number, met: ReadonlySet<number>): Promise<void> {
  const { source } = stream;
  if (stream.isFile) {
    const size = source.size ?? at + (await source.read(at, MOST_FOOTER)).length;
    const footer = stream.footer ?? (await readFooter(source, size));
    if (at > footer.start) throw truncated(source, at, "its footer is cut");
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

function* pieces(batch: ArrowBatch, split: boolean, rowBytes: number): Generator<Piece> {
  const rows = split ? Math.max(64, Math.floor(PIECE_BYTES / Math.max(1, rowBytes) / 64) * 64) : batch.length;
  if (rows * 2 >= batch.length) {
    yield { from: 0, to: batch.length };
    return;
  }
  for (let from = 0; from < batch.length; from += rows)
    yield { from, to: Math.min(from + rows, batch.length) };
}

function bytesPerRow(fields: readonly ArrowField[]): number {
  const one = (field: ArrowField): number =>
    field.type.kind === "fixed-list" ? field.type.size * one(field.children[0]!) : 8;
  return fields.reduce((sum, field) => sum + one(field), 0);
}

type PieceReading = Omit<BatchReading, "take">;

/** Reads the bytes of the wanted columns' rows and builds the columns over them. */
async function readPiece(
  source: ByteSource,
  body: number,
  batch: ArrowBatch,
  reading: PieceReading,
  arena: Arena,
): Promise<{ columns: Column[]; release: () => void }> {
  const ranges: ByteRange[] = [];
  const nothing = new Uint8Array(0);
  columnsFromBatch(batch, {
    ...reading,
    bigEndian: false,
    take(buffer, start, end) {
      ranges.push({ start: buffer.offset + start, end: buffer.offset + end });
      return nothing;
    },
  });
  const loaded = await loadRanges(source, body, ranges, arena);
  const columns = columnsFromBatch(batch, {
    ...reading,
    take(buffer, start, end) {
      const bytes = loaded.view(buffer.offset + start, buffer.offset + end);
      return batch.codec === null ? bytes : { codec: batch.codec, packed: bytes };
    },
  });
  return { columns, release: loaded.release };
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
    this.#chunks.set(id, delta ? [...this.chunks(id), values] : [values]);
  }

  /** An empty dictionary may be left out by writers; a code into it is refused where it is read. */
  chunks(id: number): readonly Column[] {
    return this.#chunks.get(id) ?? [];
  }
}

function invalid(source: ByteSource, why: string): LossflowError {
  return new LossflowError("LF_ARROW_INVALID", `${source.name} is damaged: ${why}.`, { path: source.name });
}

import type { BatchRows } from "../arrow/batch-rows.ts";
import type { SourcePrint } from "../checkpoint/checkpoint.ts";
import type { Column } from "../columns/column.ts";
import type { ParquetCodec } from "../parquet/file-metadata.ts";
import type { ParquetLeaf } from "../parquet/parquet-schema.ts";
import type { Arena } from "./arena.ts";

/** The rows of a segment in a form that a worker turns into columns. */
export type Payload = ArrowPayload | ColumnsPayload | CsvPayload | JsonlPayload | ParquetPayload;

/** Rows of an Arrow batch in a file, which whoever folds them reads. */
export interface ArrowPayload {
  readonly kind: "arrow";
  /** Descriptor of the open file, good in all threads of the process. */
  readonly file: number;
  /** Where the batch's body begins. */
  readonly body: number;
  readonly rows: BatchRows;
}

export interface ColumnsPayload {
  readonly kind: "columns";
  /** In the order in which they were asked for. */
  readonly columns: readonly Column[];
}

/** Whole records of a CSV file, without its header. */
export interface CsvPayload {
  readonly kind: "csv";
  readonly bytes: Uint8Array;
  readonly delimiter: number;
  /** Cells that every record must have. */
  readonly width: number;
  /** Positions of the wanted columns. */
  readonly wanted: readonly number[];
  /** 1-based line of the first record. */
  readonly firstLine: number;
}

/** Whole lines of a JSONL file. */
export interface JsonlPayload {
  readonly kind: "jsonl";
  readonly bytes: Uint8Array;
  readonly wanted: readonly string[];
  readonly firstLine: number;
}

/** One row group of a Parquet file: the pages of its wanted columns, and what they hold. */
export interface ParquetPayload {
  readonly kind: "parquet";
  readonly rows: number;
  readonly columns: readonly (ParquetPages | { readonly unsupported: string })[];
}

export interface ParquetPages {
  readonly leaf: ParquetLeaf;
  readonly codec: ParquetCodec;
  /** Entries of all pages: rows, or elements of lists and what stands for empty ones. */
  readonly values: number;
  readonly bytes: Uint8Array;
}

/** Some consecutive rows of a source. */
export interface Segment {
  readonly rows: number;
  readonly payload: Payload;
  /** Bytes of the source that have been read once this segment is. */
  readonly position: number;
  /** Gives the memory of the payload back; called once, when nobody reads it any more. */
  readonly release: () => void;
}

/** How large a segment is. */
export interface SegmentOutline {
  readonly rows: number;
  /** About how many numbers its wanted columns hold. */
  readonly numbers: number;
}

/** A source whose columns are known, ready to be read once. */
export interface OpenTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Total bytes, where they are known. */
  readonly size: number | undefined;
  /**
   * Reads the rows in order. Ending the iteration early closes nothing; `close` does.
   * @param short whether each row takes more memory than its columns do, so that pieces of a long batch are to be short.
   */
  segments(wanted: readonly string[], arena: Arena, short?: boolean): AsyncIterable<Segment>;
  /** What the segments will be, in order; there where that is known without reading their rows. */
  outline?(wanted: readonly string[]): AsyncIterable<SegmentOutline>;
  close(): Promise<void>;
}

/** Something that can be opened as a table. */
export interface TableSource {
  readonly name: string;
  /** @param signal ends what opening and reading wait for; a source that waits for nothing but the disk need not look at it. */
  open(signal?: AbortSignal): Promise<OpenTable>;
  /** Tells it from others, so that a job can be resumed; absent where it can be read only once. */
  print?(): Promise<SourcePrint>;
}

import { leavesFromSchema, type ParquetColumn } from "./parquet-schema.ts";
import { invalidParquet } from "./parquet-refusal.ts";
import { thriftStructAt, type ThriftStruct } from "./thrift-struct.ts";

/** How the pages of a column chunk are compressed. */
export type ParquetCodec = (typeof CODECS)[number];

const CODECS = ["none", "snappy", "gzip", "lzo", "brotli", "lz4", "zstd", "lz4_raw"] as const;

/** The pages of one column in one row group. */
export interface ParquetChunk {
  /** The leaf's position among all leaves of the schema. */
  readonly leaf: number;
  readonly codec: ParquetCodec;
  readonly values: number;
  /** Bytes of the file, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface ParquetGroup {
  readonly rows: number;
  readonly chunks: readonly ParquetChunk[];
}

/** What the footer of a Parquet file says, as far as it is needed. */
export interface ParquetMetadata {
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly ParquetGroup[];
}

/**
 * Reads the metadata of a footer and checks that its parts agree.
 * @param footerStart where it begins: no column chunk may reach beyond.
 * @throws LF_PARQUET_INVALID
 * Source: parquet.thrift of Parquet format 2.11.
 */
export function fileMetadataFromBytes(bytes: Uint8Array, footerStart: number): ParquetMetadata {
  const { struct } = thriftStructAt(bytes, 0);
  const columns = leavesFromSchema(struct.structs(2));
  const leaves = columns.reduce((sum, column) => sum + column.leaves, 0);
  const groups = struct.structs(4).map((group) => groupFromThrift(group, leaves, footerStart));
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows !== struct.int(3)) {
    throw invalidParquet(`its row groups hold ${rows} rows where its footer says ${String(struct.int(3))}`);
  }
  return { columns, groups };
}

function groupFromThrift(group: ThriftStruct, leaves: number, footerStart: number): ParquetGroup {
  const rows = group.int(3);
  if (rows === undefined || !Number.isSafeInteger(rows) || rows < 0)
    throw invalidParquet(`a row group has ${String(rows)} rows`);
  const chunks = group.structs(1);
  if (chunks.length !== leaves)
    throw invalidParquet(`a row group has ${chunks.length} columns, its schema ${leaves}`);
  // Chunks of no pages need lie nowhere: Arrow C++ gives those of an empty table the place 0.
  if (rows === 0) return { rows, chunks: [] };
  return { rows, chunks: chunks.map((chunk, leaf) => chunkFromThrift(chunk, leaf, footerStart)) };
}

function chunkFromThrift(chunk: ThriftStruct, leaf: number, footerStart: number): ParquetChunk {
  const meta = chunk.struct(3);
  if (meta === undefined) throw invalidParquet("a column chunk has no description, or an encrypted one");
  if (chunk.text(1) !== undefined) throw invalidParquet("a column chunk lies in another file");
  const codec = CODECS[meta.int(4) ?? -1];
  const values = meta.int(5);
  // Writers that have no dictionary may write 0 for its place.
  const start = meta.int(11) || meta.int(9);
  const size = meta.int(7);
  if (codec === undefined || values === undefined || start === undefined || size === undefined) {
    throw invalidParquet("the description of a column chunk is not whole");
  }
  const first = Math.min(start, meta.int(9) ?? start);
  if (!(first >= 4 && size >= 0 && first + size <= footerStart && values >= 0)) {
    throw invalidParquet(`a column chunk lies at ${first} with ${size} bytes, outside of the file`);
  }
  return { leaf, codec, values, start: first, end: first + size };
}

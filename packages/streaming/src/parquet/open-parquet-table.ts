import { LossflowError } from "@lossflow/core";
import {
  parquetMetadata,
  parquetSchema,
  type ColumnChunk,
  type FileMetaData,
  type SchemaTree,
} from "hyparquet";
import { loadRanges, type ByteRange } from "../arrow/load-ranges.ts";
import type { ByteSource } from "../source/byte-source.ts";
import type { OpenTable } from "../source/table-source.ts";
import { checkThrift } from "./check-thrift.ts";
import { unsupportedType } from "./unsupported-type.ts";

/** A stream has to be read whole, since Parquet keeps its table of contents at the end. */
const MOST_STREAM_BYTES = 2 ** 30;
const MOST_FOOTER_BYTES = 64 * 2 ** 20;

/**
 * Opens a Parquet file by its footer. Each row group is a segment, of which only the wanted column chunks are read; they
 * are decoded where they are folded.
 * @throws LF_TRUNCATED where the footer or a chunk is not there; LF_PARQUET_INVALID
 */
export async function openParquetTable(source: ByteSource): Promise<OpenTable> {
  const whole = source.size === undefined ? await source.read(0, MOST_STREAM_BYTES) : undefined;
  const size = source.size ?? whole!.length;
  const { metadata, footerStart } = await readMetadata(source, size);
  const tree = parquetSchema(metadata);
  const columns = tree.children.map((child) => child.element.name);
  return {
    name: source.name,
    size: source.size,
    columns,
    async *segments(wanted, arena) {
      for (const [index, group] of metadata.row_groups.entries()) {
        const rows = Number(group.num_rows);
        if (rows === 0) continue;
        const chunks = group.columns.filter((chunk) =>
          wanted.includes(chunk.meta_data?.path_in_schema[0] ?? ""),
        );
        const ranges = chunks.map((chunk) => rangeOfChunk(chunk, footerStart, source, index));
        const loaded = await loadRanges(source, 0, ranges, arena);
        yield {
          rows,
          payload: {
            kind: "parquet",
            metadata: { ...metadata, num_rows: group.num_rows, row_groups: [{ ...group, columns: chunks }] },
            wanted: wanted.map((name) => ({ name, unsupported: unsupportedType(childNamed(tree, name)) })),
            chunks: ranges.map(({ start, end }) => ({ start, bytes: loaded.view(start, end) })),
          },
          position: Math.max(0, ...ranges.map(({ end }) => end)),
          release: loaded.release,
        };
      }
    },
    close: () => source.close(),
  };
}

async function readMetadata(
  source: ByteSource,
  size: number,
): Promise<{ metadata: FileMetaData; footerStart: number }> {
  const tail = await source.read(Math.max(0, size - 8), 8);
  if (size < 12 || String.fromCharCode(...tail.subarray(4)) !== "PAR1") {
    throw refused(
      "LF_TRUNCATED",
      source,
      "is truncated: it does not end with the Parquet magic; write or copy it again.",
    );
  }
  const length = new DataView(tail.buffer, tail.byteOffset, 4).getUint32(0, true);
  const footerStart = size - 8 - length;
  if (footerStart < 4 || length > MOST_FOOTER_BYTES) {
    throw refused("LF_PARQUET_INVALID", source, `is damaged: its footer declares ${length} bytes.`);
  }
  const footer = (await source.read(footerStart, length + 8)).slice();
  if (footer.length < length + 8) throw refused("LF_TRUNCATED", source, "is truncated: its footer is cut.");
  let metadata: FileMetaData;
  try {
    checkThrift(footer.subarray(0, length));
    metadata = withoutStatistics(parquetMetadata(footer, { geoparquet: false, parsers: PLAIN }));
    parquetSchema(metadata);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refused("LF_PARQUET_INVALID", source, `is damaged: its footer cannot be read (${why}).`, cause);
  }
  let rows = 0n;
  for (const { num_rows: here } of metadata.row_groups) {
    if (typeof here !== "bigint" || here < 0n || here > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw refused("LF_PARQUET_INVALID", source, `is damaged: a row group has ${String(here)} rows.`);
    }
    rows += here;
  }
  if (rows !== metadata.num_rows) {
    throw refused(
      "LF_PARQUET_INVALID",
      source,
      `is damaged: its row groups hold ${rows} rows where its footer says ${String(metadata.num_rows)}.`,
    );
  }
  return { metadata, footerStart };
}

/** Statistics are not used, and would go along to the workers. */
function withoutStatistics(metadata: FileMetaData): FileMetaData {
  const { version, schema, num_rows, metadata_length } = metadata;
  const groups = metadata.row_groups.map((group) => ({
    ...group,
    columns: group.columns.map((chunk): ColumnChunk => {
      if (chunk.meta_data === undefined)
        return { file_path: chunk.file_path, file_offset: chunk.file_offset } as ColumnChunk;
      const {
        statistics: _statistics,
        encoding_stats: _stats,
        key_value_metadata: _keys,
        ...meta
      } = chunk.meta_data;
      return { file_path: chunk.file_path, file_offset: chunk.file_offset, meta_data: meta } as ColumnChunk;
    }),
  }));
  return { version, schema, num_rows, metadata_length, row_groups: groups };
}

/** Statistics of dates and texts need no parsing either. */
const PLAIN = { stringFromBytes: () => "" };

function rangeOfChunk(chunk: ColumnChunk, footerStart: number, source: ByteSource, group: number): ByteRange {
  const meta = chunk.meta_data;
  const start = Number(meta?.dictionary_page_offset || meta?.data_page_offset);
  const end = start + Number(meta?.total_compressed_size);
  if (meta === undefined || chunk.file_path || !(start >= 4 && end >= start && end <= footerStart)) {
    throw refused(
      "LF_PARQUET_INVALID",
      source,
      `is damaged: column ${JSON.stringify(meta?.path_in_schema.join(".") ?? "")} of row group ${group} lies outside of the file.`,
    );
  }
  return { start, end };
}

function childNamed(tree: SchemaTree, name: string): SchemaTree {
  return tree.children.find((child) => child.element.name === name)!;
}

function refused(code: `LF_${string}`, source: ByteSource, why: string, cause?: unknown): LossflowError {
  return new LossflowError(
    code,
    `${source.name} ${why}`,
    { path: source.name },
    cause === undefined ? {} : { cause },
  );
}

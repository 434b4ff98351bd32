import { LossflowError } from "@lossflow/core";
import { loadRanges } from "../arrow/load-ranges.ts";
import type { ByteSource } from "../source/byte-source.ts";
import type { OpenTable } from "../source/table-source.ts";
import { fileMetadataFromBytes, type ParquetMetadata } from "./file-metadata.ts";
import { invalidParquet } from "./parquet-refusal.ts";

/** A stream has to be read whole, since Parquet keeps its table of contents at the end. */
const MOST_STREAM_BYTES = 2 ** 30;
const MOST_FOOTER_BYTES = 64 * 2 ** 20;

/**
 * Opens a Parquet file by its footer. Each row group is a segment, of which only the wanted column chunks are read; they
 * are decoded where they are folded.
 * @throws LF_TRUNCATED where the end of the file is not there; LF_PARQUET_INVALID
 */
export async function openParquetTable(source: ByteSource): Promise<OpenTable> {
  const size = source.size ?? (await source.read(0, MOST_STREAM_BYTES)).length;
  const { columns, groups } = await readMetadata(source, size);
  return {
    name: source.name,
    size: source.size,
    columns: columns.map((column) => column.name),
    async *segments(wanted, arena) {
      const chosen = wanted.map((name) => columns.find((column) => column.name === name)!);
      for (const { rows, chunks } of groups) {
        if (rows === 0) continue;
        const read = chosen.map(({ leaf, firstLeaf }) =>
          "unsupported" in leaf ? undefined : chunks[firstLeaf],
        );
        const loaded = await loadRanges(
          source,
          0,
          read.filter((chunk) => chunk !== undefined),
          arena,
        );
        yield {
          rows,
          payload: {
            kind: "parquet",
            rows,
            columns: chosen.map(({ leaf }, i) => {
              const chunk = read[i];
              if ("unsupported" in leaf || chunk === undefined)
                return { unsupported: "unsupported" in leaf ? leaf.unsupported : "" };
              const { codec, values, start, end } = chunk;
              return { leaf, codec, values, bytes: loaded.view(start, end) };
            }),
          },
          position: Math.max(0, ...chunks.map(({ end }) => end)),
          release: loaded.release,
        };
      }
    },
    // oxlint-disable-next-line require-await -- an outline is asynchronous where a file must be read for it
    async *outline(wanted) {
      for (const { rows } of groups) if (rows > 0) yield { rows, numbers: rows * wanted.length };
    },
    close: () => source.close(),
  };
}

async function readMetadata(source: ByteSource, size: number): Promise<ParquetMetadata> {
  const tail = await source.read(Math.max(0, size - 8), 8);
  if (size < 12 || String.fromCharCode(...tail.subarray(4)) !== "PAR1") {
    throw new LossflowError(
      "LF_TRUNCATED",
      `${source.name} is truncated: it does not end with the Parquet magic; write or copy it again.`,
      { path: source.name },
    );
  }
  const length = new DataView(tail.buffer, tail.byteOffset, 4).getUint32(0, true);
  const footerStart = size - 8 - length;
  if (footerStart < 4 || length > MOST_FOOTER_BYTES)
    throw invalidParquet(`its footer declares ${length} bytes`);
  return fileMetadataFromBytes(await source.read(footerStart, length), footerStart);
}

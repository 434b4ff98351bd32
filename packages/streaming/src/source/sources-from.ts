import { LossflowError } from "@lossflow/core";
import type { RecordBatch, Table } from "apache-arrow";
import { batchesSource } from "./batches-source.ts";
import { blobBytes } from "./blob-bytes.ts";
import { memoryBytes } from "./memory-bytes.ts";
import { openTable } from "./open-table.ts";
import { streamBytes } from "./stream-bytes.ts";
import type { TableSource } from "./table-source.ts";

/**
 * What a job reads: apache-arrow batches (pulled one at a time) or a Table; the bytes, Blob or byte stream of an Arrow
 * IPC file or stream, a Parquet, CSV or JSONL file (told apart by content); or a source that something else made, such
 * as `fileSource` of the Node entry.
 */
export type Source =
  | AsyncIterable<RecordBatch>
  | Iterable<RecordBatch>
  | Table
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | TableSource;

/** Makes table sources of what a job was given; their names are "batches", "table", "bytes", with a number where they are several. */
export function sourcesFrom(given: Source | readonly Source[]): TableSource[] {
  const list = isSourceList(given) ? given : [given];
  const several = list.length > 1;
  return list.map((source, i) => tableSourceFrom(source, (kind) => (several ? `${kind} ${i + 1}` : kind)));
}

function tableSourceFrom(source: Source, name: (kind: string) => string): TableSource {
  if (typeof source !== "object" || source === null) throw noSource();
  if (source instanceof Uint8Array || source instanceof ArrayBuffer)
    return bytesSource(() => memoryBytes(source, name("bytes")), name("bytes"));
  if (typeof Blob !== "undefined" && source instanceof Blob) {
    const label = "name" in source && typeof source.name === "string" ? source.name : name("blob");
    return bytesSource(() => blobBytes(source, label), label);
  }
  // A reader of apache-arrow is opened too, but it gives batches.
  const isIterable = Symbol.iterator in source || Symbol.asyncIterator in source;
  if ("open" in source && !isIterable) return source;
  if ("getReader" in source) {
    return bytesSource(() => streamBytes(chunksOfStream(source), name("stream")), name("stream"));
  }
  if ("batches" in source) return batchesSource(source.batches, name("table"), source.schema);
  if (!isIterable) throw noSource();
  return batchesSource(source as Iterable<RecordBatch>, name("batches"));
}

function noSource(): LossflowError {
  return new LossflowError(
    "LF_BAD_OPTION",
    "A source is neither batches, a table, bytes nor a table source; paths are for the Node entry.",
  );
}

/** An array of batches is one source; an array of anything else is several. */
function isSourceList(given: Source | readonly Source[]): given is readonly Source[] {
  if (!Array.isArray(given)) return false;
  return !given.every(
    (item: unknown) =>
      typeof item === "object" &&
      item !== null &&
      "numRows" in item &&
      "data" in item &&
      !("batches" in item),
  );
}

function bytesSource(bytes: () => ReturnType<typeof memoryBytes>, name: string): TableSource {
  return { name, open: () => openTable(bytes()) };
}

async function* chunksOfStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

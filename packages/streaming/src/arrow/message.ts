import { LossflowError } from "@lossflow/core";
import { FlatTable, safeInt64 } from "./flat-table.ts";
import { schemaFromTable, type ArrowSchema } from "./schema.ts";

/** One node of a batch: rows and nulls of one column or child, in preorder. */
export interface ArrowNode {
  readonly length: number;
  readonly nullCount: number;
}

/** Where a buffer stands in the body. */
export interface ArrowBuffer {
  readonly offset: number;
  readonly length: number;
}

/** The header of a record batch or of a dictionary batch's values. */
export interface ArrowBatch {
  readonly length: number;
  readonly nodes: readonly ArrowNode[];
  readonly buffers: readonly ArrowBuffer[];
  readonly codec: "lz4" | "zstd" | null;
  readonly variadicCounts: readonly number[];
}

export type ArrowMessage = { readonly bodyLength: number } & (
  | { readonly kind: "schema"; readonly schema: ArrowSchema }
  | { readonly kind: "batch"; readonly batch: ArrowBatch }
  | { readonly kind: "dictionary"; readonly id: number; readonly delta: boolean; readonly batch: ArrowBatch }
);

/**
 * Reads the flatbuffer of one message and checks all that can be checked without its body.
 * @throws LF_ARROW_INVALID, LF_ARROW_UNSUPPORTED
 * Source: Message.fbs of Arrow format 1.5.
 */
export function messageFromBytes(bytes: Uint8Array): ArrowMessage {
  const root = FlatTable.root(bytes);
  checkVersion(root.int16(0, 0));
  const bodyLength = root.int64(3, 0);
  if (bodyLength < 0) throw invalid(`a body has the length ${bodyLength}`);
  const header = root.table(2);
  if (header === undefined) throw invalid("a message has no header");
  switch (root.int8(1, 0)) {
    case 1:
      return { kind: "schema", bodyLength, schema: schemaFromTable(header) };
    case 2: {
      const data = header.table(1);
      if (data === undefined) throw invalid("a dictionary has no data");
      return {
        kind: "dictionary",
        bodyLength,
        id: header.int64(0, 0),
        delta: header.boolean(2),
        batch: batchFromTable(data, bodyLength),
      };
    }
    case 3:
      return { kind: "batch", bodyLength, batch: batchFromTable(header, bodyLength) };
    case 4:
    case 5:
      throw new LossflowError("LF_ARROW_UNSUPPORTED", "The Arrow data holds a tensor; give a table.");
    default:
      throw invalid("a message is of a kind that Arrow does not define");
  }
}

/** Refuses the metadata versions that this reader does not know. Versions 4 (Arrow 0.8) and 5 (1.0) are read. */
export function checkVersion(version: number): void {
  if (version === 3 || version === 4) return;
  throw new LossflowError(
    "LF_ARROW_UNSUPPORTED",
    `The Arrow data has metadata version ${version + 1}; versions 4 and 5 are read.`,
  );
}

function batchFromTable(table: FlatTable, bodyLength: number): ArrowBatch {
  const length = table.int64(0, 0);
  if (length < 0) throw invalid(`a batch has ${length} rows`);
  if (!table.has(1) || !table.has(2)) throw invalid("a batch has no nodes or no buffers");
  const nodes = table.structs(1, 16, (view, at) => {
    const node = { length: safeInt64(view, at), nullCount: safeInt64(view, at + 8) };
    if (node.length < 0 || node.nullCount < 0 || node.nullCount > node.length) {
      throw invalid(`a column has ${node.length} rows and ${node.nullCount} nulls`);
    }
    return node;
  });
  let free = 0;
  const buffers = table.structs(2, 16, (view, at) => {
    const buffer = { offset: safeInt64(view, at), length: safeInt64(view, at + 8) };
    if (buffer.offset < 0 || buffer.length < 0 || buffer.offset + buffer.length > bodyLength) {
      throw invalid(
        `a buffer lies at ${buffer.offset} with ${buffer.length} bytes, outside of its body of ${bodyLength}`,
      );
    }
    if (buffer.length > 0 && buffer.offset % 8 !== 0)
      throw invalid(`a buffer begins at ${buffer.offset}, not a multiple of 8`);
    // Every writer lays buffers down one behind the other; one that lies elsewhere holds the bytes of another.
    if (buffer.length > 0 && buffer.offset < free)
      throw invalid(`a buffer begins at ${buffer.offset}, within the one before it`);
    free = Math.max(free, buffer.offset + buffer.length);
    return buffer;
  });
  const variadicCounts = table.structs(4, 8, safeInt64);
  return { length, nodes, buffers, codec: codecFromTable(table.table(3)), variadicCounts };
}

function codecFromTable(table: FlatTable | undefined): "lz4" | "zstd" | null {
  if (table === undefined) return null;
  const codec = (["lz4", "zstd"] as const)[table.int8(0, 0)];
  if (codec === undefined || table.int8(1, 0) !== 0)
    throw invalid("its compression is not one that Arrow defines");
  return codec;
}

function invalid(why: string): LossflowError {
  return new LossflowError("LF_ARROW_INVALID", `The Arrow data is damaged: ${why}.`);
}

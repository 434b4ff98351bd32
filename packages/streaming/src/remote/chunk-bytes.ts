import { LossflowError } from "@lossflow/core";
import type { TaskSegment } from "../worker/fold-task.ts";

/** What a chunk of a job is: where its rows stand, or the rows themselves. */
export type ChunkContent = ChunkReference | ChunkValue;

/** Some consecutive segments of a file that every worker can read. */
export interface ChunkReference {
  readonly kind: "reference";
  readonly path: string;
  /** What refusals call the file. */
  readonly source: string;
  /** Length and print of the file that was planned: another one under its path is refused. */
  readonly size: number;
  readonly print: string;
  readonly wanted: readonly string[];
  /** Segments `from` up to, without, `to`, as the file's reader cuts it. */
  readonly from: number;
  readonly to: number;
  /** Counted over all sources. */
  readonly firstRow: number;
  readonly rows: number;
}

export interface ChunkValue {
  readonly kind: "value";
  readonly segments: readonly TaskSegment[];
}

const MAGIC = 0x4346464c;
const VERSION = 1;
const HEADER = 12;
/** Columns are used where they stand, if they stand as typed arrays want it. */
const ALIGNMENT = 64;
const BYTES = "$bytes";

/**
 * Writes a chunk: little-endian "LFFC", version and length of a JSON text, the text, and the byte arrays of its columns,
 * each at a multiple of 64; in the text stands their place.
 */
export function bytesFromChunk(content: ChunkContent): Uint8Array<ArrayBuffer> {
  const arrays: Uint8Array[] = [];
  let size = 0;
  const places = new Map<Uint8Array, number>();
  const text = JSON.stringify(content, function (this: Record<string, unknown>, key, plain: unknown) {
    // A Buffer has turned itself into a list of numbers before `plain` is given.
    const value = this[key];
    if (!(value instanceof Uint8Array)) return plain;
    let at = places.get(value);
    if (at === undefined) {
      at = size;
      places.set(value, at);
      arrays.push(value);
      size = roundUp(size + value.length);
    }
    return { [BYTES]: [at, value.length] };
  });
  const json = new TextEncoder().encode(text);
  const start = roundUp(HEADER + json.length);
  const bytes = new Uint8Array(start + size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, json.length, true);
  bytes.set(json, HEADER);
  for (const array of arrays) bytes.set(array, start + places.get(array)!);
  return bytes;
}

/** Reads what {@link bytesFromChunk} wrote; its columns are views. @throws LF_STATE_UNKNOWN, LF_STATE_VERSION, LF_STATE_DAMAGED */
export function chunkFromBytes(bytes: Uint8Array): ChunkContent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC)
    throw new LossflowError("LF_STATE_UNKNOWN", "These bytes are no chunk of a job.");
  const version = view.getUint32(4, true);
  if (version !== VERSION) {
    throw new LossflowError(
      "LF_STATE_VERSION",
      `This chunk of a job has version ${version}, and ${VERSION} is understood.`,
    );
  }
  const end = HEADER + view.getUint32(8, true);
  const start = roundUp(end);
  const damaged = (): LossflowError =>
    new LossflowError("LF_STATE_DAMAGED", "A chunk of a job is cut or changed.");
  if (end > bytes.length) throw damaged();
  const content: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, end)));
  return withBytes(content, (at, length) => {
    if (!(at >= 0 && length >= 0 && start + at + length <= bytes.length)) throw damaged();
    return bytes.subarray(start + at, start + at + length);
  }) as ChunkContent;
}

/** Puts byte arrays where their places stand. JSON.parse can do that too, in several times the time. */
function withBytes(value: unknown, bytesAt: (at: number, length: number) => Uint8Array): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (BYTES in value) return bytesAt(...(value[BYTES] as [number, number]));
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (typeof field === "object" && field !== null) fields[key] = withBytes(field, bytesAt);
  }
  return value;
}

function roundUp(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}

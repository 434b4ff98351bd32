import { LossflowError, RunningLoss } from "@lossflow/core";
import { inverseOf, KeyTable } from "../keys/key-table.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { createFold, mergeFold, type FoldPart, type FoldShape, type FoldState } from "./fold-state.ts";
import { PackedTable, type TableRoom } from "./packed-table.ts";
import type { TopLoss } from "./top.ts";
import { WindowTable } from "./window-table.ts";

const MAGIC = 0x5346464c; // "LFFS"
const VERSION = 6;
/** About what a cell takes with its sketch in a message; memory that nothing is written to costs nothing. */
const BYTES_A_CELL = 64;

/**
 * Writes the state of a job as bytes: packed arrays, nothing for each group but its numbers, in as few bytes as they need. States
 * with equal figures may have different bytes: sums are kept in more than one way.
 *
 * Little-endian: "LFFS", uint32 version and count of losses; the keys of the groups and the windows, where the job has
 * them; for each loss float64 size and first row of it, null rows, the running loss of all rows, the tables of groups
 * and windows, the top losses after their uint32 count, each with what is shown of its row as JSON, and the quantile
 * sketches where the job has them. Tables are those of {@link PackedTable}; arrays come after their uint32 length, aligned.
 * @param bytes what they are written to, where they fit.
 */
export function bytesFromFold(
  fold: FoldState,
  room: TableRoom,
  bytes?: ArrayBuffer,
): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(bytes);
  out.uint32(MAGIC);
  out.uint32(VERSION);
  out.uint32(fold.losses.length);
  const order = fold.groups?.inOrder();
  if (order !== undefined) fold.groups!.write(out, order);
  fold.windows?.write(out);
  const places = order === undefined ? null : inverseOf(order);
  const cells = fold.windows === null ? null : Int32Array.from({ length: fold.windows.length }, (_, i) => i);
  const began = out.size;
  for (const [i, { size, sizeRow, total, groups, windows, top, sketches }] of fold.losses.entries()) {
    // Losses of the same rows take about as much as each other.
    const each =
      i > 0 ? (out.size - began) / i : BYTES_A_CELL * ((order?.length ?? 0) + (cells?.length ?? 0));
    out.expect(began + each * fold.losses.length);
    for (const one of [size, sizeRow, total.nullRows]) out.float64(one);
    out.bytes(RunningLoss.toBytes(total.state));
    if (order !== undefined) PackedTable.write(groups, order, out, room);
    if (cells !== null) PackedTable.write(windows, cells, out, room);
    out.uint32(top.length);
    for (const { row, loss, shown = [] } of top) {
      out.float64(row);
      out.float64(loss);
      out.bytes(new TextEncoder().encode(JSON.stringify(shown)));
    }
    if (sketches === null) continue;
    sketches.total.write(out, null);
    if (places !== null) sketches.groups.write(out, places);
    if (fold.windows !== null) sketches.windows.write(out, null);
  }
  return out.done();
}

/**
 * Reads what {@link bytesFromFold} wrote of a job of the same shape, to be merged; it shares the memory of `bytes`.
 * @throws LF_STATE_UNKNOWN, LF_STATE_VERSION, LF_STATE_DAMAGED
 */
export function partFromBytes(bytes: Uint8Array, shape: FoldShape): FoldPart {
  const from = new ByteReader(bytes);
  if (from.uint32() !== MAGIC)
    throw new LossflowError("LF_STATE_UNKNOWN", "These bytes are no state of a job.");
  const version = from.uint32();
  if (version !== VERSION) {
    throw new LossflowError(
      "LF_STATE_VERSION",
      `This state of a job has version ${version}, and ${VERSION} is understood.`,
    );
  }
  if (from.uint32() !== shape.losses.length) throw from.damaged();
  const { losses } = createFold(shape);
  const groups = shape.by.length === 0 ? null : KeyTable.read(from, shape.by.length);
  const windows = shape.windowCut === null ? null : WindowTable.read(from, shape.windowCut);
  const read = losses.map((empty, i) => {
    const [size, sizeRow, nullRows] = [from.float64(), from.float64(), from.float64()];
    const isLength = Number.isInteger(size) && size >= -1;
    if (!isLength || Number.isNaN(sizeRow) || !(Number.isSafeInteger(nullRows) && nullRows >= 0))
      throw from.damaged();
    const state = RunningLoss.fromBytes(from.bytes());
    const options = shape.stateOptions(shape.losses[i]!);
    const figures = {
      size,
      sizeRow,
      total: { state, nullRows },
      groups: groups === null ? null : PackedTable.read(from, groups.length, options, shape.tableRoom),
      windows: windows === null ? null : PackedTable.read(from, windows.length, options, shape.tableRoom),
      top: Array.from({ length: from.count(20) }, () => topLossFrom(from)),
      sketches: empty.sketches,
    };
    empty.sketches?.total.read(from, 1);
    if (groups !== null) empty.sketches?.groups.read(from, groups.length);
    if (windows !== null) empty.sketches?.windows.read(from, windows.length);
    return figures;
  });
  if (!from.ended) throw from.damaged();
  return { groups, windows, losses: read };
}

/** Reads the same as a state in memory of its own. @throws as {@link partFromBytes} */
export function foldFromBytes(bytes: Uint8Array, shape: FoldShape): FoldState {
  const fold = createFold(shape);
  mergeFold(fold, partFromBytes(bytes, shape), shape);
  return fold;
}

function topLossFrom(from: ByteReader): TopLoss {
  const [row, loss] = [from.float64(), from.float64()];
  const text = new TextDecoder().decode(from.bytes());
  let shown: unknown;
  try {
    shown = JSON.parse(text);
  } catch {
    throw from.damaged();
  }
  if (!Array.isArray(shown)) throw from.damaged();
  return { row, loss, shown: shown as NonNullable<TopLoss["shown"]> };
}

import { LossflowError, RunningLoss } from "@lossflow/core";
import { createFold, type Cell, type FoldShape, type FoldState } from "./fold-state.ts";

const MAGIC = 0x5346464c;
const VERSION = 1;

/**
 * Writes the state of a job as bytes. Equal states give equal bytes, whatever the order in which their rows came.
 *
 * Little-endian: "LFFS", uint32 version and count of losses; for each loss float64 size and first row of it, the total
 * cell, then groups by key, windows by number and top losses, each after their uint32 count. A cell is float64 null
 * rows and the running loss after its uint32 length.
 */
export function bytesFromFold(fold: FoldState): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.uint32(MAGIC);
  out.uint32(VERSION);
  out.uint32(fold.length);
  for (const { size, sizeRow, total, groups, windows, top } of fold) {
    out.float64(size);
    out.float64(sizeRow);
    writeCell(out, total);
    out.uint32(groups.size);
    for (const key of [...groups.keys()].sort()) {
      out.bytes(new TextEncoder().encode(key));
      writeCell(out, groups.get(key)!);
    }
    out.uint32(windows.size);
    for (const index of [...windows.keys()].sort((a, b) => a - b)) {
      out.float64(index);
      writeCell(out, windows.get(index)!);
    }
    out.uint32(top.length);
    for (const { row, loss } of top) {
      out.float64(row);
      out.float64(loss);
    }
  }
  return out.done();
}

/** Reads what {@link bytesFromFold} wrote. @throws LF_STATE_UNKNOWN, LF_STATE_VERSION, LF_STATE_DAMAGED */
export function foldFromBytes(bytes: Uint8Array, shape: FoldShape): FoldState {
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
  if (from.uint32() !== shape.losses.length) throw damaged();
  const fold = createFold(shape);
  for (const mine of fold) {
    mine.size = from.float64();
    mine.sizeRow = from.float64();
    mine.total = readCell(from);
    for (let i = from.uint32(); i > 0; i--)
      mine.groups.set(new TextDecoder().decode(from.bytes()), readCell(from));
    for (let i = from.uint32(); i > 0; i--) mine.windows.set(from.float64(), readCell(from));
    mine.top = Array.from({ length: from.count(16) }, () => ({ row: from.float64(), loss: from.float64() }));
  }
  if (!from.ended) throw damaged();
  return fold;
}

function writeCell(out: ByteWriter, cell: Cell): void {
  out.float64(cell.nullRows);
  out.bytes(RunningLoss.toBytes(cell.state));
}

function readCell(from: ByteReader): Cell {
  const nullRows = from.float64();
  return { nullRows, state: RunningLoss.fromBytes(from.bytes()) };
}

function damaged(): LossflowError {
  return new LossflowError("LF_STATE_DAMAGED", "The state of a job is cut or changed.");
}

class ByteWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + size));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  uint32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#step(8), true);
  }

  /** A count of things of `size` bytes, all of which must still follow. */
  count(size: number): number {
    const count = this.uint32();
    if (this.#at + count * size > this.#bytes.length) throw damaged();
    return count;
  }

  bytes(): Uint8Array {
    const length = this.count(1);
    const at = this.#step(length);
    return this.#bytes.subarray(at, at + length);
  }

  #step(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) throw damaged();
    this.#at += size;
    return at;
  }
}

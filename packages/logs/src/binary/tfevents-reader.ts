import { CASTAGNOLI, Crc32 } from "../bytes/crc32.ts";
import type { ByteReader } from "../format.ts";
import { LineTally } from "../line-tally.ts";
import type { RunTrack } from "../run-track.ts";
import { ByteQueue } from "./byte-queue.ts";
import { NameTable } from "./name-table.ts";
import { ProtobufCursor } from "./protobuf.ts";
import { ScalarTensor } from "./scalar-tensor.ts";

const HEADER = 12;
const FOOTER = 4;
const LONGEST_RECORD = 1 << 28;
const SESSION_START = 1;

/**
 * Reads a TensorBoard event file: TFRecord frames (length, masked CRC-32C of the length, data, masked CRC-32C of the
 * data) of Event messages. Scalars come as `simple_value` (torch, TF 1) or as tensors without dimensions (TF 2). A
 * record whose checksum fails is ignored; where the length's fails, the frames are lost, and reading ends there.
 *
 * Source: tensorflow/core/util/event.proto, framework/summary.proto, framework/tensor.proto, lib/io/record_writer.h.
 */
export class TfeventsReader implements ByteReader {
  readonly formatId = "tfevents";
  readonly tally: LineTally = new LineTally();
  readonly #track: RunTrack;
  readonly #crc = new Crc32(CASTAGNOLI);
  readonly #queue = new ByteQueue();
  readonly #names: NameTable;
  readonly #event = new ProtobufCursor();
  readonly #summary = new ProtobufCursor();
  readonly #value = new ProtobufCursor();
  readonly #tensor = new ScalarTensor();
  #lost = false;

  constructor(track: RunTrack) {
    this.#track = track;
    this.#names = new NameTable(track);
  }

  write(chunk: Uint8Array): void {
    if (this.#lost) return;
    const queue = this.#queue;
    queue.push(chunk);
    const { bytes } = queue;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    while (queue.length >= HEADER + FOOTER) {
      const at = queue.start;
      const length = view.getUint32(at, true);
      const sound =
        view.getUint32(at + 4, true) === 0 &&
        length <= LONGEST_RECORD &&
        masked(this.#crc.of(bytes, at, at + 8)) === view.getUint32(at + 8, true);
      if (!sound) {
        this.#lose();
        return;
      }
      const end = at + HEADER + length;
      if (queue.end < end + FOOTER) break;
      queue.start = end + FOOTER;
      if (masked(this.#crc.of(bytes, at + HEADER, end)) !== view.getUint32(end, true)) {
        this.tally.ignore("a record whose checksum fails", NOTHING, 0, 0);
      } else if (this.#read(bytes, view, at + HEADER, end)) this.tally.read++;
      else this.tally.ignore("a record without a scalar", NOTHING, 0, 0);
    }
    queue.keep(chunk);
  }

  end(): void {
    if (this.#queue.length === 0 || this.#lost) return;
    this.tally.ignore("a record that breaks off", NOTHING, 0, 0);
    this.#track.incident(
      "truncated",
      "The event file ends in the middle of a record; those before it are read.",
      {
        alone: true,
      },
    );
  }

  #lose(): void {
    this.#lost = true;
    this.#queue.start = this.#queue.end;
    this.tally.ignore("a length whose checksum fails", NOTHING, 0, 0);
    this.#track.incident("truncated", "The event file is damaged; the records before the damage are read.", {
      alone: true,
    });
  }

  /** Reads an Event: 1 wall_time, 2 step, 3 file_version, 5 summary, 7 session_log. */
  #read(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const event = this.#event;
    let time = NaN;
    let step = 0;
    let summaryStart = -1;
    let summaryEnd = -1;
    let told = false;
    event.open(bytes, start, end);
    while (event.next()) {
      if (event.field === 1 && event.wire === 1) time = view.getFloat64(event.start, true);
      else if (event.field === 2 && event.wire === 0) step = event.integer;
      else if (event.field === 3) told = true;
      else if (event.field === 5 && event.wire === 2) {
        summaryStart = event.start;
        summaryEnd = event.end;
      } else if (event.field === 7 && event.wire === 2)
        told = this.#session(bytes, event.start, event.end, step);
    }
    if (summaryStart < 0) return told;
    this.#track.begin(step, NaN, time, -1);
    const summary = this.#summary;
    let any = told;
    summary.open(bytes, summaryStart, summaryEnd);
    while (summary.next()) {
      if (summary.field === 1 && summary.wire === 2)
        any = this.#point(bytes, view, summary.start, summary.end) || any;
    }
    return any;
  }

  /** Reads a Summary.Value: 1 tag, 2 simple_value, 8 tensor, 9 metadata. */
  #point(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const value = this.#value;
    let tagStart = -1;
    let tagEnd = -1;
    let number = NaN;
    let scalar = false;
    let other = false;
    let tensorStart = -1;
    let tensorEnd = -1;
    value.open(bytes, start, end);
    while (value.next()) {
      if (value.field === 1 && value.wire === 2) {
        tagStart = value.start;
        tagEnd = value.end;
      } else if (value.field === 2 && value.wire === 5) {
        number = view.getFloat32(value.start, true);
        scalar = true;
      } else if (value.field === 8 && value.wire === 2) {
        tensorStart = value.start;
        tensorEnd = value.end;
      } else if (value.field === 9 && value.wire === 2)
        other = !isScalarPlugin(bytes, value.start, value.end);
    }
    if (tagStart < 0 || value.broken) return false;
    const entry = this.#names.entry(bytes, tagStart, tagEnd);
    if (other && !scalar) this.#names.skip(entry);
    if (!scalar && tensorStart >= 0 && !this.#names.isSkipped(entry)) {
      scalar = this.#tensor.read(bytes, view, tensorStart, tensorEnd);
      number = this.#tensor.value;
    }
    if (!scalar) return false;
    this.#track.point(this.#names.series(entry), number);
    return true;
  }

  /** A SessionLog that starts supersedes the points from its step on. */
  #session(bytes: Uint8Array, start: number, end: number, step: number): boolean {
    const session = this.#value;
    session.open(bytes, start, end);
    while (session.next()) {
      if (session.field === 1 && session.wire === 0 && session.low === SESSION_START) {
        this.#track.restart("resume", `The run was started again at step ${step}.`, step);
      }
    }
    return true;
  }
}

const NOTHING = new Uint8Array(0);

/** TFRecord masks its checksums, since data may hold checksums itself. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const SCALARS = new TextEncoder().encode("scalars");

/** SummaryMetadata: 1 plugin_data { 1 plugin_name }. No name leaves it open. */
function isScalarPlugin(bytes: Uint8Array, start: number, end: number): boolean {
  const metadata = new ProtobufCursor();
  const plugin = new ProtobufCursor();
  metadata.open(bytes, start, end);
  while (metadata.next()) {
    if (metadata.field !== 1 || metadata.wire !== 2) continue;
    plugin.open(bytes, metadata.start, metadata.end);
    while (plugin.next()) {
      if (plugin.field !== 1 || plugin.wire !== 2 || plugin.end === plugin.start) continue;
      if (plugin.end - plugin.start !== SCALARS.length) return false;
      for (let i = 0; i < SCALARS.length; i++) if (bytes[plugin.start + i] !== SCALARS[i]) return false;
    }
  }
  return true;
}

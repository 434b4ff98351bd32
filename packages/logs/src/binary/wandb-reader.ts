import { byteText, textFromBytes } from "../bytes/byte-text.ts";
import { Crc32, IEEE } from "../bytes/crc32.ts";
import { NumberScanner } from "../bytes/number-scanner.ts";
import { addRecord, numberFromText, type Entry } from "../document/record.ts";
import type { ByteReader } from "../format.ts";
import { LineTally } from "../line-tally.ts";
import type { RunTrack } from "../run-track.ts";
import { scanObject } from "../text/object-scanner.ts";
import { ByteQueue } from "./byte-queue.ts";
import { ProtobufCursor } from "./protobuf.ts";

const FILE_HEADER = 7;
const BLOCK = 32_768;
const HEADER = 7;
const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;
const HISTORY = 2;
const RUN = 17;

/**
 * Reads Weights & Biases' `.wandb` file: 7 bytes of header, then a LevelDB log (blocks of 32 KiB; records of checksum,
 * length and type, split over blocks as FIRST, MIDDLE, LAST) of protobuf messages, of which the history rows hold the
 * metrics. The checksum is plain CRC-32 over type and data.
 *
 * Source: wandb/sdk/internal/datastore.py and wandb/proto/wandb_internal.proto of github.com/wandb/wandb.
 */
export class WandbReader implements ByteReader {
  readonly formatId = "wandb";
  readonly tally: LineTally = new LineTally();
  readonly #track: RunTrack;
  readonly #crc = new Crc32(IEEE);
  readonly #queue = new ByteQueue();
  readonly #record = new ProtobufCursor();
  readonly #history = new ProtobufCursor();
  readonly #item = new ProtobufCursor();
  readonly #numbers = new NumberScanner();
  readonly #onRun: ((name: string) => void) | undefined;
  #position = 0;
  #parts: Uint8Array[] = [];
  #damaged = false;

  /** `onRun` takes the name that the run was given. */
  constructor(track: RunTrack, onRun?: (name: string) => void) {
    this.#track = track;
    this.#onRun = onRun;
  }

  write(chunk: Uint8Array): void {
    this.#queue.push(chunk);
    while (this.#step());
    this.#queue.keep(chunk);
  }

  end(): void {
    if (
      this.#damaged ||
      (this.#queue.length === 0 && this.#parts.length === 0) ||
      this.#position < FILE_HEADER
    )
      return;
    if (this.#parts.length === 0 && this.#isZero()) return;
    this.tally.ignore("a record that breaks off", NOTHING, 0, 0);
    this.#track.incident("truncated", "The file ends in the middle of a record; those before it are read.", {
      alone: true,
    });
  }

  /** Takes one piece off the queue; false where it is not complete yet. */
  #step(): boolean {
    const queue = this.#queue;
    if (this.#position < FILE_HEADER) return this.#skip(FILE_HEADER - this.#position);
    const left = BLOCK - (this.#position % BLOCK);
    if (left < HEADER) return this.#skip(left);
    if (queue.length < HEADER) return false;
    const { bytes, start } = queue;
    const length = bytes[start + 4]! | (bytes[start + 5]! << 8);
    const type = bytes[start + 6]!;
    if (type === 0 && length === 0) return this.#skip(left);
    if (length > left - HEADER || type > LAST) {
      this.#damage();
      return this.#skip(left);
    }
    if (queue.length < HEADER + length) return false;
    const end = start + HEADER + length;
    const expected =
      (bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)) >>>
      0;
    queue.start = end;
    this.#position += HEADER + length;
    if (this.#crc.of(bytes, start + 6, end) === expected) this.#piece(bytes, start + HEADER, end, type);
    else {
      this.#parts = [];
      this.tally.ignore("a record whose checksum fails", NOTHING, 0, 0);
    }
    return true;
  }

  #skip(count: number): boolean {
    const queue = this.#queue;
    const skipped = Math.min(count, queue.length);
    queue.start += skipped;
    this.#position += skipped;
    return skipped === count && count > 0;
  }

  /** What is no record: the rest of the block is passed over. */
  #damage(): void {
    this.#parts = [];
    this.tally.ignore("a block that is damaged", NOTHING, 0, 0);
    if (this.#damaged) return;
    this.#damaged = true;
    this.#track.incident("truncated", "The file is damaged; what is sound is read.", { alone: true });
  }

  #piece(bytes: Uint8Array, start: number, end: number, type: number): void {
    if (type === FULL) this.#message(bytes, start, end);
    else if (type === FIRST) this.#parts = [bytes.slice(start, end)];
    else if (this.#parts.length > 0 && (type === MIDDLE || type === LAST)) {
      this.#parts.push(bytes.slice(start, end));
      if (type === MIDDLE) return;
      const whole = joined(this.#parts);
      this.#parts = [];
      this.#message(whole, 0, whole.length);
    }
  }

  #message(bytes: Uint8Array, start: number, end: number): void {
    const record = this.#record;
    record.open(bytes, start, end);
    let history = false;
    while (record.next()) {
      if (record.field === RUN && record.wire === 2 && this.#onRun !== undefined)
        this.#readName(bytes, record.start, record.end, this.#onRun);
      if (record.field !== HISTORY || record.wire !== 2) continue;
      history = true;
      this.#row(bytes, record.start, record.end);
    }
    if (history) this.tally.read++;
    else this.tally.ignore("a record without history", NOTHING, 0, 0);
  }

  /** Reads what a RunRecord has as 8 display_name. */
  #readName(bytes: Uint8Array, start: number, end: number, onRun: (name: string) => void): void {
    this.#item.open(bytes, start, end);
    while (this.#item.next()) {
      const { field, wire } = this.#item;
      if (field === 8 && wire === 2 && this.#item.end > this.#item.start)
        onRun(textOf(bytes, this.#item.start, this.#item.end));
    }
  }

  /** Reads a HistoryRecord: 1 item { 1 key, 2 nested_key, 16 value_json }, 2 step { 1 num }. */
  #row(bytes: Uint8Array, start: number, end: number): void {
    const history = this.#history;
    const entries: Entry[] = [];
    history.open(bytes, start, end);
    while (history.next()) {
      if (history.wire !== 2) continue;
      if (history.field === 1) this.#readItem(bytes, history.start, history.end, entries);
      else if (history.field === 2) {
        this.#item.open(bytes, history.start, history.end);
        while (this.#item.next()) {
          if (this.#item.field === 1 && this.#item.wire === 0)
            entries.push({ path: "_step", value: this.#item.integer });
        }
      }
    }
    addRecord(this.#track, entries);
  }

  #readItem(bytes: Uint8Array, start: number, end: number, entries: Entry[]): void {
    const item = this.#item;
    let key = "";
    let nested = "";
    let from = 0;
    let to = 0;
    item.open(bytes, start, end);
    while (item.next()) {
      if (item.wire !== 2) continue;
      if (item.field === 1) key = textOf(bytes, item.start, item.end);
      else if (item.field === 2)
        nested += `${nested === "" ? "" : "/"}${textOf(bytes, item.start, item.end)}`;
      else if (item.field === 16) {
        from = item.start;
        to = item.end;
      }
    }
    const path = nested === "" ? key : nested;
    if (path === "" || path === "_runtime" || path === "_wandb") return;
    if (this.#numbers.scan(bytes, from, to) === to && to > from)
      entries.push({ path, value: this.#numbers.value });
    else if (bytes[from] === 0x7b) this.#readObject(path, byteText(bytes, from, to), entries);
    else if (bytes[from] === 0x22) {
      const text = textOf(bytes, from + 1, to - 1);
      if (numberFromText(text) !== null) entries.push({ path, value: text });
    }
  }

  /** Nested numbers are series; W&B's own objects (histograms, images) name their `_type`. */
  #readObject(path: string, text: string, entries: Entry[]): void {
    const object = scanObject(text, 0);
    if (object === null || object.leaves.some((leaf) => leaf.path.endsWith("_type"))) return;
    for (const leaf of object.leaves) {
      const value = leaf.kind === "number" ? numberFromText(text.slice(leaf.start, leaf.end)) : null;
      if (value !== null) entries.push({ path: `${path}/${textFromBytes(leaf.path)}`, value });
    }
  }

  #isZero(): boolean {
    const { bytes, start, end } = this.#queue;
    return bytes.subarray(start, end).every((byte) => byte === 0);
  }
}

const NOTHING = new Uint8Array(0);

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return textFromBytes(byteText(bytes, start, end));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

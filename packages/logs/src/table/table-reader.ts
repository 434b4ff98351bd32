import { byteText, textFromBytes } from "../bytes/byte-text.ts";
import { ClockScanner } from "../bytes/clock-scanner.ts";
import { CutNumber } from "../bytes/cut-number.ts";
import { LineSplitter, type LineConsumer } from "../bytes/line-splitter.ts";
import type { ByteReader } from "../format.ts";
import { LineTally } from "../line-tally.ts";
import { EPOCH_AXIS, RANK_AXIS, STEP_AXIS, TIME_AXIS, type RunTrack } from "../run-track.ts";
import { ENOUGH_BYTES, FEW_ROWS, FIRST_ROWS, lineMachine, type LineMachine } from "../scan/line-machine.ts";
import { rowsFromRun } from "../scan/row-shape.ts";
import { RowKinds, type RowKind } from "./row-kinds.ts";
import { OpenRow } from "./open-row.ts";
import { columnOfRun } from "./exported-runs.ts";
import { NUMBER, OPEN, RowScanner } from "./row-scanner.ts";
import { splitCells } from "./split-cells.ts";
import { columnsFromHeader, type TableColumns } from "./table-columns.ts";

const LF = 10;
const CR = 13;
const QUOTE = 34;
const HASH = 35;
const BLANK = 32;

/** What is known of a table before its first row. */
export interface TableOptions {
  readonly formatId: string;
  /** The byte between cells; 32 stands for any run of blanks. */
  readonly separator: number;
  /** The names, where they do not stand in the first row that is no comment. */
  readonly header?: readonly string[];
  /** Goes before each name as `tag/`. */
  readonly tag?: string;
  /** The run that is asked for, of a table with columns of several. */
  readonly part?: string;
  /** What the column `Value` is called. */
  readonly value?: string;
}

/**
 * Reads a table of text: comma, tab, semicolon, bar or blanks between cells, with quotes as RFC 4180 has them. Empty
 * cells, text and booleans are no points. A row that repeats the header is a header; one of new names begins a new
 * table. Ragged rows keep the cells they have.
 */
export class TableReader implements ByteReader, LineConsumer {
  readonly tally: LineTally = new LineTally();
  readonly formatId: string;
  readonly #track: RunTrack;
  readonly #separator: number;
  readonly #prefix: string;
  readonly #part: string | undefined;
  readonly #value: string | undefined;
  readonly #splitter: LineSplitter = new LineSplitter(this);
  readonly #clock = new ClockScanner();
  readonly #end = new CutNumber();
  #columns: TableColumns | null = null;
  #handles = new Int32Array(0);
  #row: RowScanner;
  readonly #tagged = new Map<string, Int32Array>();
  readonly #open = new OpenRow();
  #startTime = NaN;
  #machine: LineMachine | null = null;
  #kinds: RowKinds | null = null;

  constructor(track: RunTrack, options: TableOptions) {
    this.formatId = options.formatId;
    this.#track = track;
    this.#separator = options.separator;
    this.#row = new RowScanner(options.separator, 0);
    this.#prefix = options.tag === undefined ? "" : `${options.tag}/`;
    this.#value = options.value;
    this.#part = options.part;
    if (options.header !== undefined) this.#begin(options.header);
  }

  write(bytes: Uint8Array): void {
    this.#machine?.release();
    this.#splitter.write(bytes);
    this.#end.write(bytes);
  }

  end(): void {
    this.#splitter.end();
    while (this.#open.isOpen) this.#giveUpOpen();
  }

  fast(bytes: Uint8Array, start: number, end: number): number {
    if (this.#columns === null || this.#open.isOpen || bytes[start] === HASH) return -1;
    const many = end - start >= ENOUGH_BYTES;
    if (many && this.#kinds !== null) {
      const next = this.#run(this.#kinds, bytes, start, end);
      if (next > start) return next;
    }
    const at = this.#row.scan(bytes, start, end, false);
    if (at < 0 || at >= end) return -1;
    if (bytes[at] === CR && (at + 1 >= end || bytes[at + 1] !== LF)) return -1;
    if (!this.#row.hasNumber) return -1;
    this.#emit(bytes);
    this.tally.read++;
    if (many) {
      const fixed = this.#startTime !== this.#startTime;
      this.#kinds ??= new RowKinds(this.#columns, this.#separator, this.#handles, fixed);
      this.#kinds.learn(this.#row, bytes, start, at);
    }
    return bytes[at] === LF ? at + 1 : at + 2;
  }

  /** Reads the rows of the expected kind that stand at `start`; returns the index after them. */
  #run(kinds: RowKinds, bytes: Uint8Array, start: number, end: number): number {
    const kind = kinds.expected;
    const machine = kind === null ? null : (this.#machine ??= lineMachine());
    if (kind === null || machine === null) return -1;
    const rows = machine.run(
      kind.program,
      bytes,
      start,
      end,
      kind.rows < FIRST_ROWS ? FIRST_ROWS : undefined,
    );
    if (rows === 0) return -1;
    const { next } = machine;
    kind.rows += rows;
    kinds.follow(kind, rows);
    this.tally.read += rows;
    machine.taking(() => this.#take(machine, kind, rows, bytes));
    return next;
  }

  #take(machine: LineMachine, kind: RowKind, rows: number, bytes: Uint8Array): void {
    const { shape, values } = kind;
    if (rows >= FEW_ROWS && shape !== null && this.#track.addRows(rowsFromRun(machine, shape, rows))) return;
    for (let r = 0; r < rows; r++) {
      machine.row(r, values);
      this.#row.recall(kind.kinds, kind.cells, values);
      this.#emit(bytes);
    }
  }

  line(bytes: Uint8Array, start: number, end: number, _redrawn: boolean, cut: boolean): void {
    if (this.#open.isOpen) this.#continueOpen(bytes, start, end, cut);
    else this.#whole(bytes, start, end, cut, !cut, 1);
  }

  overlong(): void {
    this.#giveUpOpen();
    this.tally.ignore("longer than 1 MiB", NOTHING, 0, 0);
  }

  /** Reads a row of so many lines; `mayOpen`: an open quote at its end reaches into the next line. */
  #whole(bytes: Uint8Array, start: number, end: number, cut: boolean, mayOpen: boolean, lines: number): void {
    while (start < end && (bytes[start] === 0 || (bytes[start] === BLANK && this.#separator !== BLANK)))
      start++;
    if (isBlank(bytes, start, end)) {
      this.tally.ignore(null, bytes, start, end);
      return;
    }
    if (bytes[start] === HASH) {
      this.#comment(byteText(bytes, start, end));
      this.tally.ignore("a comment", bytes, start, end);
      return;
    }
    if (this.#columns === null) {
      this.#begin(splitCells(byteText(bytes, start, end), this.#separator));
      this.tally.read++;
      return;
    }
    if (this.#row.scan(bytes, start, end, true) === OPEN && mayOpen) {
      this.#open.add(bytes, start, end);
      return;
    }
    this.tally.read += lines;
    if (cut && (this.#row.cells < this.#columns.names.length || this.#end.isCut())) {
      this.#row.cells--;
      this.#track.incident(
        "truncated",
        "The table ends in the middle of a row; its complete cells are read.",
        {
          alone: true,
        },
      );
    } else if (!this.#row.hasNumber) {
      const cells = splitCells(byteText(bytes, start, end), this.#separator);
      if (this.#isHeader(cells)) {
        this.#begin(cells);
        return;
      }
      this.tally.read -= lines;
      for (let i = 0; i < lines; i++) this.tally.ignore("no number in this row", bytes, start, end);
      return;
    }
    this.#emit(bytes);
  }

  #continueOpen(bytes: Uint8Array, start: number, end: number, cut: boolean): void {
    this.#open.add(bytes, start, end);
    if (bytes.subarray(start, end).includes(QUOTE)) {
      const row = this.#open.joined();
      if (this.#row.scan(row, 0, row.length, true) !== OPEN) {
        const lines = this.#open.close().length;
        this.#whole(row, 0, row.length, cut, false, lines);
        return;
      }
    }
    if (this.#open.isTooLong) this.#giveUpOpen();
  }

  /** A quote that never closes: its line keeps the cells before it, and the lines after it are rows of their own. */
  #giveUpOpen(): void {
    this.#open.close().forEach((line, i) => {
      if (this.#open.isOpen) this.#continueOpen(line, 0, line.length, false);
      else this.#whole(line, 0, line.length, false, i > 0, 1);
    });
  }

  #begin(header: readonly string[]): void {
    const columns = this.#columnsOf(header);
    const size = columns.names.length;
    this.#columns = columns;
    this.#row = new RowScanner(this.#separator, size);
    this.#handles = new Int32Array(size).fill(-1);
    this.#tagged.clear();
    this.#kinds = null;
  }

  #columnsOf(header: readonly string[]): TableColumns {
    const value = this.#value;
    if (value !== undefined)
      return columnsFromHeader(header.map((name) => (name === "Value" ? value : name)));
    const part = this.#part;
    if (part === undefined) return columnsFromHeader(header);
    const own = header.map((name) => columnOfRun(name, part));
    const columns = columnsFromHeader(header.map((name, i) => own[i] ?? name));
    return { ...columns, points: columns.points.filter((i) => own[i] !== null) };
  }

  #comment(line: string): void {
    const start = /"t_start":\s*([\d.]+)/.exec(line);
    if (start === null) return;
    this.#startTime = Number(start[1]);
    this.#kinds = null;
  }

  #isHeader(cells: readonly string[]): boolean {
    const { names } = this.#columns!;
    if (cells.length === names.length && cells.every((cell, i) => textFromBytes(cell) === names[i]))
      return true;
    const columns = columnsFromHeader(cells);
    return (
      (columns.step >= 0 || columns.epoch >= 0) &&
      columns.points.length > 0 &&
      cells.every((cell) => /^[A-Za-z_]/.test(cell) && !/^(?:true|false|none|null|n\/a)$/i.test(cell))
    );
  }

  #emit(bytes: Uint8Array): void {
    const columns = this.#columns!;
    const { points } = columns;
    const row = this.#row;
    const track = this.#track;
    const { axes } = track;
    const rank = row.number(columns.rank);
    axes[STEP_AXIS] = row.number(columns.step);
    axes[EPOCH_AXIS] = row.number(columns.epoch);
    axes[TIME_AXIS] = columns.time < 0 ? NaN : this.#time(columns.time, bytes);
    axes[RANK_AXIS] = rank >= 0 ? rank : -1;
    track.beginRecord();
    const tag = columns.tag < 0 ? null : this.#text(columns.tag, bytes);
    const handles = tag === null ? this.#handles : this.#handlesOf(tag);
    if (columns.metric >= 0) this.#named(columns, tag, bytes);
    const { kinds, values, cells } = row;
    for (let k = 0; k < points.length; k++) {
      const i = points[k]!;
      if (i >= cells || kinds[i] !== NUMBER) continue;
      let handle = handles[i]!;
      if (handle < 0) {
        const name = columns.names[i]!;
        handle = track.series(this.#prefix + (tag === null ? name : `${tag}/${name}`));
        handles[i] = handle;
      }
      track.point(handle, values[i]!);
    }
  }

  /** Adds the point of a long table's row: one column names the series, another holds its value. */
  #named(columns: TableColumns, tag: string | null, bytes: Uint8Array): void {
    const metric = this.#text(columns.metric, bytes);
    const { kinds, values, cells } = this.#row;
    if (metric === null || columns.value >= cells || kinds[columns.value] !== NUMBER) return;
    const name = tag === null ? metric : `${tag}/${metric}`;
    this.#track.point(this.#track.series(this.#prefix + name), values[columns.value]!);
  }

  #time(column: number, bytes: Uint8Array): number {
    const row = this.#row;
    if (row.isText(column)) {
      const start = row.starts[column]!;
      return this.#clock.scan(bytes, start, row.ends[column]!) > start ? this.#clock.value : NaN;
    }
    const time = row.number(column);
    return this.#startTime === this.#startTime && time < 1e8 ? this.#startTime + time : time;
  }

  #text(column: number, bytes: Uint8Array): string | null {
    const row = this.#row;
    return row.isText(column)
      ? textFromBytes(byteText(bytes, row.starts[column]!, row.ends[column]!).trim())
      : null;
  }

  #handlesOf(tag: string): Int32Array {
    let handles = this.#tagged.get(tag);
    if (handles === undefined) {
      handles = new Int32Array(this.#handles.length).fill(-1);
      if (this.#tagged.size < 1000) this.#tagged.set(tag, handles);
    }
    return handles;
  }
}

const NOTHING = new Uint8Array(0);

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 32 && bytes[i] !== 9) return false;
  return true;
}

import { byteText } from "../bytes/byte-text.ts";
import { CutNumber } from "../bytes/cut-number.ts";
import { LineSplitter, type LineConsumer } from "../bytes/line-splitter.ts";
import type { ByteReader } from "../format.ts";
import { ENOUGH_BYTES, FEW_ROWS, FIRST_ROWS, lineMachine, type LineMachine } from "../scan/line-machine.ts";
import type { LineProgram } from "../scan/line-program.ts";
import { rowsFromRun } from "../scan/row-shape.ts";
import { LineTally } from "../line-tally.ts";
import type { RunTrack } from "../run-track.ts";
import { completeIn, isCutObject } from "./cut-line.ts";
import { DrawnBar, NOTHING_SAID } from "./drawn-bar.ts";
import { FieldValues } from "./field-values.ts";
import { IncidentWatch } from "./incident-watch.ts";
import { linePrefix } from "./line-prefix.ts";
import type { LineMeaning } from "./line-meaning.ts";
import type { LineGrammar, LineReader, LineReading } from "./line-reading.ts";
import { LineShapes } from "./line-shapes.ts";
import { LineTeller } from "./line-teller.ts";
import { LineTemplate } from "./line-template.ts";
import { LineTrust } from "./line-trust.ts";
import { PlaceAbove } from "./place-above.ts";
import { scaleValues } from "./series-units.ts";
import { hasStrayStamp } from "./stray-stamp.ts";
import { hasEscapes, withoutEscapes } from "./without-escapes.ts";

const LONGEST_TEXT = 1 << 16;

/** A line that waits to be trusted. */
interface HeldLine {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly reading: LineReading;
  readonly grammar: number;
  readonly redrawn: boolean;
  /** Where it stood. */
  readonly place: { readonly step: number; readonly epoch: number };
}

/**
 * Reads a log of text lines by its grammars, each line by the first that knows it. A line's meaning is worked out once
 * for its shape; further lines of the shape are read in one pass over their bytes.
 */
export class TextReader implements ByteReader, LineConsumer {
  readonly tally: LineTally = new LineTally();
  /** Lines read by each grammar, in the order given. */
  readonly matches: number[];
  readonly #track: RunTrack;
  readonly #splitter: LineSplitter = new LineSplitter(this);
  readonly #grammars: readonly LineGrammar[];
  readonly #readers: readonly LineReader[];
  readonly #end = new CutNumber();
  readonly #values = new FieldValues();
  readonly #incidents: IncidentWatch;
  readonly #trust = new LineTrust<HeldLine>();
  readonly #shapes = new LineShapes();
  readonly #teller: LineTeller;
  readonly #above = new PlaceAbove();
  #machine: LineMachine | null = null;
  readonly #drawn = new DrawnBar();

  constructor(track: RunTrack, grammars: readonly LineGrammar[]) {
    this.#track = track;
    this.#grammars = grammars;
    this.#readers = grammars.map((grammar) => grammar.create(this.#above));
    this.matches = grammars.map(() => 0);
    this.#incidents = new IncidentWatch(track);
    this.#teller = new LineTeller(track);
  }

  /** The id of the grammar that read most lines; null before any did. */
  get formatId(): string | null {
    let best = 0;
    for (let i = 1; i < this.matches.length; i++) if (this.matches[i]! > this.matches[best]!) best = i;
    return this.matches[best]! > 0 ? this.#grammars[best]!.id : null;
  }

  /** How sure it is by now that the grammar is the right one: by the share of lines that it reads. */
  get confidence(): number {
    const most = Math.max(0, ...this.matches);
    return most === 0 ? 0.1 : 0.6 + (0.35 * most) / this.tally.total;
  }

  write(bytes: Uint8Array): void {
    this.#machine?.release();
    this.#splitter.write(bytes);
    this.#end.write(bytes);
  }

  end(): void {
    this.#splitter.end();
    for (const [g, reader] of this.#readers.entries()) {
      const last = reader.end?.() ?? null;
      if (last !== null) this.#teller.tell(NO_VALUES, this.#meaningOf(last, g), NOTHING_SAID, last);
    }
    this.#teller.end();
    this.#incidents.end();
  }

  fast(bytes: Uint8Array, start: number, end: number): number {
    const shapes = this.#shapes;
    const { expected } = shapes;
    if (expected !== null && expected.meaning.program !== null && end - start >= ENOUGH_BYTES) {
      const next = this.#run(expected, expected.meaning.program, bytes, start, end);
      if (next > start) return next;
    }
    const next = shapes.match(bytes, start, end);
    if (next >= 0) this.#deliver(shapes.last!.values, shapes.last!.meaning, false);
    return next;
  }

  /** Reads the lines of one shape that stand at `start`; returns the index after them. */
  #run(
    template: LineTemplate<LineMeaning>,
    program: LineProgram,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): number {
    const machine = (this.#machine ??= lineMachine());
    if (machine === null) return -1;
    const { meaning } = template;
    const rows = machine.run(program, bytes, start, end, meaning.rows < FIRST_ROWS ? FIRST_ROWS : undefined);
    if (rows === 0) return -1;
    const { next } = machine;
    meaning.rows += rows;
    this.#shapes.follow(template, rows);
    machine.taking(() => this.#take(machine, template, rows));
    return next;
  }

  #take(machine: LineMachine, { meaning, values }: LineTemplate<LineMeaning>, rows: number): void {
    if (
      rows >= FEW_ROWS &&
      meaning.shape !== null &&
      !this.#teller.isAwaited &&
      this.#track.addRows(rowsFromRun(machine, meaning.shape, rows))
    ) {
      this.matches[meaning.grammar]! += rows;
      this.tally.read += rows;
      return;
    }
    for (let r = 0; r < rows; r++) {
      machine.row(r, values);
      this.#deliver(values, meaning, false);
    }
  }

  line(bytes: Uint8Array, start: number, end: number, redrawn: boolean, cut: boolean): void {
    while (start < end && bytes[start] === 0) start++;
    if (hasEscapes(bytes, start, end)) {
      const plain = withoutEscapes(bytes, start, end);
      this.#plainLine(plain, 0, plain.length, redrawn, cut);
    } else this.#plainLine(bytes, start, end, redrawn, cut);
  }

  overlong(): void {
    this.tally.ignore("longer than 1 MiB", EMPTY, 0, 0);
  }

  #plainLine(bytes: Uint8Array, start: number, end: number, redrawn: boolean, cut: boolean): void {
    const short = cut && this.#end.isCut();
    const known = short ? null : this.#shapes.shapeOf(bytes, start, end);
    if (known !== null) {
      this.#deliver(known.values, known.meaning, redrawn);
      return;
    }
    const line = byteText(bytes, start, end);
    if (line.trim() === "") {
      this.tally.ignore(null, bytes, start, end);
      return;
    }
    const prefix = linePrefix(line);
    for (let g = 0; g < this.#readers.length; g++) {
      if (line.length > LONGEST_TEXT && this.#grammars[g]!.long !== true) continue;
      const message = this.#readers[g]!(line, prefix.end);
      if (message === null) continue;
      this.#above.note(line, prefix.end, message);
      const reading =
        prefix.fields.length === 0 ? message : { ...message, fields: [...prefix.fields, ...message.fields] };
      if (short || (cut && this.#shapes.isCut(bytes, start, end))) {
        this.#read(bytes, start, end, completeIn(reading, line), g, redrawn);
        this.#truncated();
        return;
      }
      const waiting = this.#trust.admit(message, () =>
        this.#held(bytes.slice(start, end), reading, g, redrawn),
      );
      if (waiting === null) {
        this.tally.ignore("no other line tells that it measures", bytes, start, end);
        this.#incidents.line(line, true);
        return;
      }
      for (const held of waiting) this.#readHeld(held);
      // Lines that waited are no redrawn ones of this, save the one right before it.
      if (waiting.length > 0 && waiting.at(-1)!.number < this.tally.total) this.#drawn.forget();
      const said = cut && redrawn ? this.#withoutCutEnd(bytes, start, end, reading) : reading;
      this.#read(bytes, start, end, said, g, redrawn);
      if (reading.events === undefined && line.length <= LONGEST_TEXT) this.#incidents.line(line, true);
      return;
    }
    this.#above.note(line, prefix.end, null);
    const isTruncated = cut && (this.#shapes.isCut(bytes, start, end) || isCutObject(line));
    if (isTruncated) this.#truncated();
    if (line.length <= LONGEST_TEXT) this.#incidents.line(line);
    const why = isTruncated ? "the log ends in the middle of this line" : "no reader knows this line";
    this.tally.ignore(why, bytes, start, end);
  }

  #read(
    bytes: Uint8Array,
    start: number,
    end: number,
    reading: LineReading,
    grammar: number,
    redrawn: boolean,
  ): void {
    const { fields } = reading;
    const meaning = this.#meaningOf(reading, grammar);
    const values = this.#values.of(bytes, start, fields);
    this.#deliver(values, meaning, redrawn, reading);
    for (let next = reading.next; next !== undefined; next = next.next) {
      const more = this.#values.of(bytes, start, next.fields);
      const meant = this.#meaningOf(next, grammar);
      scaleValues(more, meant.scales);
      this.#teller.tell(more, meant, NOTHING_SAID, next);
    }
    // Lines that are only likely to measure are looked at one by one until the log is known to train.
    if (reading.certainty !== undefined && !this.#trust.isSure) return;
    if (reading.repeats === false || hasStrayStamp(bytes, start, end, fields)) return;
    this.#shapes.learn(new LineTemplate(bytes.subarray(start, end), reading, meaning, this.#values));
  }

  #meaningOf(reading: LineReading, grammar: number): LineMeaning {
    return this.#teller.meaningOf(reading, grammar, this.#grammars[grammar]!.record === true);
  }

  /** Keeps a line that waits; the lines after it have their place from it all the same. */
  #held(bytes: Uint8Array, reading: LineReading, grammar: number, redrawn: boolean): HeldLine {
    const { carried } = this.#track;
    const valueOf = (role: "step" | "epoch"): number | undefined => {
      const field = reading.fields.find((field) => field.role === role);
      return field === undefined ? undefined : this.#values.one(bytes, 0, field);
    };
    const place = { step: valueOf("step") ?? carried.step, epoch: valueOf("epoch") ?? carried.epoch };
    this.#track.carried = place;
    return { number: this.tally.total + 1, bytes, reading, grammar, redrawn, place: carried };
  }

  #readHeld({ number, bytes, reading, grammar, redrawn, place }: HeldLine): void {
    const { carried } = this.#track;
    this.#track.carried = place;
    this.tally.reclaim(number);
    this.#read(bytes, 0, bytes.length, reading, grammar, redrawn);
    this.#track.carried = carried;
  }

  /** Delivers what a line says; a redrawn line that says what the line before it said is one with it. */
  #deliver(values: Float64Array, meaning: LineMeaning, redrawn: boolean, computed?: LineReading): void {
    this.matches[meaning.grammar]!++;
    this.tally.read++;
    scaleValues(values, meaning.scales);
    const again = redrawn ? this.#drawn.draw(values, meaning.targets) : NOTHING_SAID;
    if (again === null) return;
    this.#teller.tell(values, meaning, again, computed);
  }

  /** Of a full bar drawn once more and cut, its last figure is what was drawn before, or the beginning of that. */
  #withoutCutEnd(bytes: Uint8Array, start: number, end: number, reading: LineReading): LineReading {
    const position = reading.fields.find(({ role }) => role === "position");
    const last = reading.fields.at(-1);
    if (position === undefined || last?.role !== "point" || start + last.end < end) return reading;
    const before = this.#drawn.valueAt(this.#values.one(bytes, start, position), this.#teller.targetOf(last));
    if (before === undefined) return reading;
    if (!Object.is(before, this.#values.one(bytes, start, last))) this.#truncated();
    return { ...reading, fields: reading.fields.slice(0, -1) };
  }

  #truncated(): void {
    this.#track.incident(
      "truncated",
      "The log ends in the middle of a line; what was complete before is read.",
      {
        alone: true,
      },
    );
  }
}

const EMPTY = new Uint8Array(0);
const NO_VALUES = new Float64Array(0);

import { byteText, textFromBytes } from "../bytes/byte-text.ts";
import { ClockScanner } from "../bytes/clock-scanner.ts";
import { LineSplitter, type LineConsumer } from "../bytes/line-splitter.ts";
import { NumberScanner } from "../bytes/number-scanner.ts";
import type { ByteReader } from "../format.ts";
import { LineTally } from "../line-tally.ts";
import type { RunTrack } from "../run-track.ts";
import { IncidentWatch } from "./incident-watch.ts";
import { linePrefix } from "./line-prefix.ts";
import type { LineField, LineGrammar, LineReading } from "./line-reading.ts";
import { LineTemplate, scanGrouped } from "./line-template.ts";
import { withoutEscapes } from "./without-escapes.ts";

const STEP = -1;
const EPOCH = -2;
const TIME = -3;
const RANK = -4;

const MOST_TEMPLATES = 48;
const LONGEST_TEXT = 1 << 16;
const ESCAPE = 27;

interface Shape {
  readonly template: LineTemplate;
  readonly targets: Int32Array;
  readonly grammar: number;
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
  readonly #readers: readonly ((line: string, start: number) => LineReading | null)[];
  readonly #numbers = new NumberScanner();
  readonly #clock = new ClockScanner();
  readonly #incidents: IncidentWatch;
  readonly #shapes: Shape[] = [];
  readonly #shapeOf = new Map<LineTemplate, Shape>();
  #last: LineTemplate | null = null;
  #evicted = 0;

  constructor(track: RunTrack, grammars: readonly LineGrammar[]) {
    this.#track = track;
    this.#grammars = grammars;
    this.#readers = grammars.map((grammar) => grammar.create());
    this.matches = grammars.map(() => 0);
    this.#incidents = new IncidentWatch(track);
  }

  /** The id of the grammar that read most lines; null before any did. */
  get formatId(): string | null {
    let best = 0;
    for (let i = 1; i < this.matches.length; i++) if (this.matches[i]! > this.matches[best]!) best = i;
    return this.matches[best]! > 0 ? this.#grammars[best]!.id : null;
  }

  write(bytes: Uint8Array): void {
    this.#splitter.write(bytes);
  }

  end(): void {
    this.#splitter.end();
    this.#incidents.end();
  }

  fast(bytes: Uint8Array, start: number, end: number): number {
    const expected = this.#last?.successor ?? null;
    if (expected !== null) {
      const next = expected.match(bytes, start, end);
      if (next >= 0) return this.#accept(expected, next);
    }
    for (let i = 0; i < this.#shapes.length; i++) {
      const { template } = this.#shapes[i]!;
      if (template === expected) continue;
      const next = template.match(bytes, start, end);
      if (next >= 0) return this.#accept(template, next);
    }
    return -1;
  }

  line(bytes: Uint8Array, start: number, end: number, redrawn: boolean, cut: boolean): void {
    while (start < end && bytes[start] === 0) start++;
    const escape = bytes.indexOf(ESCAPE, start);
    if (escape >= 0 && escape < end) {
      const plain = withoutEscapes(bytes, start, end);
      this.#plainLine(plain, 0, plain.length, redrawn, cut);
    } else this.#plainLine(bytes, start, end, redrawn, cut);
  }

  overlong(): void {
    this.tally.ignore("longer than 1 MiB", EMPTY, 0, 0);
  }

  #plainLine(bytes: Uint8Array, start: number, end: number, redrawn: boolean, cut: boolean): void {
    for (const shape of this.#shapes) {
      if (!shape.template.matchLine(bytes, start, end)) continue;
      this.matches[shape.grammar]!++;
      this.tally.read++;
      this.#emit(shape.template.values, shape.targets, this.#grammars[shape.grammar]!, redrawn);
      this.#last = shape.template;
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
      const reading =
        prefix.fields.length === 0 ? message : { ...message, fields: [...prefix.fields, ...message.fields] };
      if (cut && this.#isCut(bytes, start, end)) {
        this.#readCut(bytes, start, end, reading, g);
        return;
      }
      this.matches[g]!++;
      this.tally.read++;
      this.#read(bytes, start, end, reading, g, redrawn);
      return;
    }
    if (cut && (this.#isCut(bytes, start, end) || isCutObject(line))) this.#truncated();
    if (line.length <= LONGEST_TEXT) this.#incidents.line(line);
    this.tally.ignore("no reader knows this line", bytes, start, end);
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
    const targets = Int32Array.from(fields, (field) => this.#target(field));
    const values = Float64Array.from(fields, (field) => this.#valueOf(bytes, start, field));
    this.#emit(values, targets, this.#grammars[grammar]!, redrawn);
    const { event } = reading;
    if (event !== undefined) {
      const value = event.field === undefined ? undefined : values[fields.indexOf(event.field)];
      this.#track.incident(event.kind, event.message, {
        ...(event.metric === undefined ? {} : { metric: textFromBytes(event.metric) }),
        ...(value === undefined ? {} : { value }),
      });
    } else if (reading.repeats !== false) this.#learn(bytes.subarray(start, end), reading, targets, grammar);
  }

  #learn(line: Uint8Array, reading: LineReading, targets: Int32Array, grammar: number): void {
    const template = new LineTemplate(line, reading, { numbers: this.#numbers, clock: this.#clock });
    if (!template.matchLine(line, 0, line.length)) return;
    const shape = { template, targets, grammar };
    if (this.#shapes.length < MOST_TEMPLATES) this.#shapes.push(shape);
    else {
      const at = this.#evicted++ % MOST_TEMPLATES;
      this.#shapeOf.delete(this.#shapes[at]!.template);
      this.#shapes[at] = shape;
    }
    this.#shapeOf.set(template, shape);
    if (this.#last !== null) this.#last.successor = template;
    this.#last = template;
  }

  #accept(template: LineTemplate, next: number): number {
    const shape = this.#shapeOf.get(template);
    if (shape === undefined) return -1;
    if (this.#last !== null) this.#last.successor = template;
    this.#last = template;
    this.matches[shape.grammar]!++;
    this.tally.read++;
    this.#emit(template.values, shape.targets, this.#grammars[shape.grammar]!, false);
    return next;
  }

  #emit(values: Float64Array, targets: Int32Array, grammar: LineGrammar, redrawn: boolean): void {
    let step = NaN;
    let epoch = NaN;
    let time = NaN;
    let rank = -1;
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      if (target >= 0) continue;
      if (target === STEP) step = values[i]!;
      else if (target === EPOCH) epoch = values[i]!;
      else if (target === TIME) time = values[i]!;
      else rank = values[i]!;
    }
    const track = this.#track;
    if (grammar.record === true) track.begin(step, epoch, time, rank);
    else track.beginLine(step, epoch, time, rank);
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      if (target < 0) continue;
      if (redrawn) track.redrawnPoint(target, values[i]!);
      else track.point(target, values[i]!);
    }
  }

  #target(field: LineField): number {
    switch (field.role) {
      case "point":
        return this.#track.series(textFromBytes(field.name ?? ""));
      case "step":
        return STEP;
      case "epoch":
        return EPOCH;
      case "rank":
        return RANK;
      default:
        return TIME;
    }
  }

  #valueOf(bytes: Uint8Array, start: number, field: LineField): number {
    const from = start + field.start;
    const to = start + field.end;
    if (field.role === "clock") return this.#clock.scan(bytes, from, to) > from ? this.#clock.value : NaN;
    if (field.grouped === true) scanGrouped(this.#numbers, bytes, from, to);
    else this.#numbers.scan(bytes, from, to);
    return this.#numbers.value;
  }

  #isCut(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#shapes.some((shape) => shape.template.isCut(bytes, start, end));
  }

  /** Reads the fields of a cut line that something follows: those were complete. */
  #readCut(bytes: Uint8Array, start: number, end: number, reading: LineReading, grammar: number): void {
    const fields = reading.fields.filter((field) => start + field.end < end);
    this.tally.read++;
    this.#read(bytes, start, end, { fields, repeats: false }, grammar, false);
    this.#truncated();
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

function isCutObject(line: string): boolean {
  return line.startsWith("{") && !line.trimEnd().endsWith("}");
}

import { byteText, textFromBytes } from "../bytes/byte-text.ts";
import { ClockScanner } from "../bytes/clock-scanner.ts";
import { LineSplitter, type LineConsumer } from "../bytes/line-splitter.ts";
import { NumberScanner } from "../bytes/number-scanner.ts";
import type { ByteReader } from "../format.ts";
import { LineTally } from "../line-tally.ts";
import { EPOCH_AXIS, POSITION_AXIS, RANK_AXIS, STEP_AXIS, TIME_AXIS, type RunTrack } from "../run-track.ts";
import { IncidentWatch } from "./incident-watch.ts";
import { linePrefix } from "./line-prefix.ts";
import type { LineEvent, LineField, LineGrammar, LineReading } from "./line-reading.ts";
import { LineTemplate, scanGrouped } from "./line-template.ts";
import { LineTrust } from "./line-trust.ts";
import { hasEscapes, withoutEscapes } from "./without-escapes.ts";

/** Targets below 0 are places: -1 minus the axis. What lies beyond the axes is kept nowhere. */
const POSITION = -1 - POSITION_AXIS;

const MOST_TEMPLATES = 48;
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

/** What a line of a known shape means. */
interface Meaning {
  readonly grammar: number;
  /** Series handles, or what the field says of the place. */
  readonly targets: Int32Array;
  readonly events: readonly LineEvent[];
  readonly aside: boolean;
  /** The place of each event's value among the fields; -1 where it has none. */
  readonly eventFields: readonly number[];
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
  readonly #trust = new LineTrust<HeldLine>();
  readonly #templates: LineTemplate<Meaning>[] = [];
  #last: LineTemplate<Meaning> | null = null;
  #evicted = 0;
  #heralded = false;
  #drawn: Float64Array = new Float64Array(0);
  #drawnTargets: Int32Array | null = null;

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

  /** How sure it is by now that the grammar is the right one: by the share of lines that it reads. */
  get confidence(): number {
    const most = Math.max(0, ...this.matches);
    return most === 0 ? 0.1 : 0.6 + (0.35 * most) / this.tally.total;
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
    for (let i = 0; i < this.#templates.length; i++) {
      const template = this.#templates[i]!;
      if (template === expected) continue;
      const next = template.match(bytes, start, end);
      if (next >= 0) return this.#accept(template, next);
    }
    return -1;
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
    for (const template of this.#templates) {
      if (!template.matchLine(bytes, start, end)) continue;
      this.#deliver(template.values, template.meaning, redrawn);
      this.#last = template;
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
      const waiting = this.#trust.admit(message, () =>
        this.#held(bytes.slice(start, end), reading, g, redrawn),
      );
      if (waiting === null) {
        this.tally.ignore("no other line tells that it measures", bytes, start, end);
        this.#incidents.line(line);
        return;
      }
      for (const held of waiting) this.#readHeld(held);
      this.#read(bytes, start, end, reading, g, redrawn);
      if (reading.events === undefined && line.length <= LONGEST_TEXT) this.#incidents.line(line);
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
    const { fields, events = [] } = reading;
    const meaning: Meaning = {
      grammar,
      targets: Int32Array.from(fields, (field) => this.#target(field)),
      events,
      aside: reading.aside === true,
      eventFields: events.map(({ field }) => (field === undefined ? -1 : fields.indexOf(field))),
    };
    const values = Float64Array.from(fields, (field) => this.#valueOf(bytes, start, field));
    this.#deliver(values, meaning, redrawn, reading);
    if (reading.repeats !== false) this.#learn(bytes.subarray(start, end), reading, meaning);
  }

  /** Keeps a line that waits; the lines after it have their place from it all the same. */
  #held(bytes: Uint8Array, reading: LineReading, grammar: number, redrawn: boolean): HeldLine {
    const { carried } = this.#track;
    const valueOf = (role: "step" | "epoch"): number | undefined => {
      const field = reading.fields.find((field) => field.role === role);
      return field === undefined ? undefined : this.#valueOf(bytes, 0, field);
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

  #learn(line: Uint8Array, reading: LineReading, meaning: Meaning): void {
    const template = new LineTemplate(line, reading, meaning, { numbers: this.#numbers, clock: this.#clock });
    if (!template.matchLine(line, 0, line.length)) return;
    if (this.#templates.length < MOST_TEMPLATES) this.#templates.push(template);
    else this.#templates[this.#evicted++ % MOST_TEMPLATES] = template;
    if (this.#last !== null) this.#last.successor = template;
    this.#last = template;
  }

  #accept(template: LineTemplate<Meaning>, next: number): number {
    if (this.#last !== null) this.#last.successor = template;
    this.#last = template;
    this.#deliver(template.values, template.meaning, false);
    return next;
  }

  /** Delivers what a line says; a redrawn line that says what the line before it said is one with it. */
  #deliver(values: Float64Array, meaning: Meaning, redrawn: boolean, computed?: LineReading): void {
    this.matches[meaning.grammar]!++;
    this.tally.read++;
    if (redrawn) {
      if (isRepeated(values, meaning.targets, this.#drawn, this.#drawnTargets)) return;
      this.#drawn = values.slice();
      this.#drawnTargets = meaning.targets;
    }
    const { targets } = meaning;
    const track = this.#track;
    const { axes } = track;
    axes[STEP_AXIS] = computed?.step ?? NaN;
    axes[EPOCH_AXIS] = computed?.epoch ?? NaN;
    axes[TIME_AXIS] = NaN;
    axes[RANK_AXIS] = -1;
    for (let i = 0; i < targets.length; i++) if (targets[i]! < 0) axes[-1 - targets[i]!] = values[i]!;
    if (this.#grammars[meaning.grammar]!.record === true) track.beginRecord();
    else track.beginLine();
    if (meaning.aside || this.#heralded) track.standAside();
    this.#heralded = computed?.heralds === true;
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      if (target >= 0) track.point(target, values[i]!);
    }
    if (computed?.points !== undefined) {
      for (const { name, value } of computed.points) track.point(track.series(textFromBytes(name)), value);
    }
    if (meaning.events.length > 0) this.#report(values, meaning);
  }

  #report(values: Float64Array, { events, eventFields }: Meaning): void {
    events.forEach((event, i) => {
      const value = values[eventFields[i]!];
      if (event.positive === true && !(value !== undefined && value > 0)) return;
      this.#track.incident(event.kind, event.message, {
        ...(event.metric === undefined ? {} : { metric: textFromBytes(event.metric) }),
        ...(value === undefined ? {} : { value }),
      });
    });
  }

  #target(field: LineField): number {
    switch (field.role) {
      case "point":
        return this.#track.series(textFromBytes(field.name ?? ""));
      case "step":
        return -1 - STEP_AXIS;
      case "epoch":
        return -1 - EPOCH_AXIS;
      case "rank":
        return -1 - RANK_AXIS;
      case "position":
        return POSITION;
      default:
        return -1 - TIME_AXIS;
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
    return this.#templates.some((template) => template.isCut(bytes, start, end));
  }

  /** Reads the fields of a cut line that something follows: those were complete. */
  #readCut(bytes: Uint8Array, start: number, end: number, reading: LineReading, grammar: number): void {
    const fields = reading.fields.filter((field) => start + field.end < end);
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

/** Tells whether two lines of one shape say the same. */
function isRepeated(
  values: Float64Array,
  targets: Int32Array,
  before: Float64Array,
  beforeTargets: Int32Array | null,
): boolean {
  if (beforeTargets === null || values.length !== before.length || values.length === 0) return false;
  for (let i = 0; i < values.length; i++) {
    if (targets[i] !== beforeTargets[i] || !Object.is(values[i], before[i])) return false;
  }
  return true;
}

function isCutObject(line: string): boolean {
  return line.startsWith("{") && !line.trimEnd().endsWith("}");
}

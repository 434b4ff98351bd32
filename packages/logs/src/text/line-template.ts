import type { ClockScanner } from "../bytes/clock-scanner.ts";
import type { NumberScanner } from "../bytes/number-scanner.ts";
import { LineProgramBuilder, LONGEST_LINE, type LineProgram } from "../scan/line-program.ts";
import type { LineReading } from "./line-reading.ts";

const LITERAL = 0;
const BLANKS = 1;
const DIGITS = 2;
const STRING = 3;
const NUMBER = 4;
const GROUPED = 5;
const CLOCK = 6;

/**
 * A shape of line, compiled: literal bytes, the blanks before numbers, runs of digits, and slots for the numbers of a
 * reading. A line that matches means what the line it was compiled from means, with other numbers; matching is one pass over the
 * bytes, exact, and allocates nothing.
 */
export class LineTemplate<Meaning = unknown> {
  /** What a line of this shape means; the reader's own. */
  readonly meaning: Meaning;
  readonly #text: Uint8Array;
  readonly #words: DataView;
  readonly #ops: Uint8Array;
  readonly #ends: Int32Array;
  readonly #numbers: NumberScanner;
  readonly #clock: ClockScanner;
  /** Where the values of the fields go, in order. */
  readonly values: Float64Array;
  /** The template that matched next the last time. */
  successor: LineTemplate<Meaning> | null = null;

  constructor(
    line: Uint8Array,
    reading: LineReading,
    meaning: Meaning,
    scanners: { numbers: NumberScanner; clock: ClockScanner },
  ) {
    this.meaning = meaning;
    this.#text = line.slice();
    this.#words = new DataView(this.#text.buffer);
    this.#numbers = scanners.numbers;
    this.#clock = scanners.clock;
    const ops: number[] = [];
    const ends: number[] = [];
    const push = (op: number, end: number): void => {
      if (op === LITERAL && ops.at(-1) === LITERAL) ends[ends.length - 1] = end;
      else {
        ops.push(op);
        ends.push(end);
      }
    };
    const kinds = kindsOfBytes(line, reading);
    let field = 0;
    for (let i = 0; i < line.length;) {
      const next = reading.fields[field];
      if (next !== undefined && next.start === i) {
        push(next.role === "clock" ? CLOCK : next.grouped === true ? GROUPED : NUMBER, next.end);
        i = next.end;
        field++;
        continue;
      }
      const kind = kinds[i]!;
      let end = i + 1;
      const limit = next === undefined ? line.length : next.start;
      if (kind !== LITERAL) while (end < limit && kinds[end] === kind) end++;
      push(kind, end);
      i = end;
    }
    this.#ops = Uint8Array.from(ops);
    this.#ends = Int32Array.from(ends);
    this.values = new Float64Array(reading.fields.length);
  }

  /** Matches the line that begins at `start`, LF or CRLF included; returns the index after it, or -1. */
  match(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#run(bytes, start, end);
    if (at < 0 || at >= end) return -1;
    if (bytes[at] === 10) return at + 1;
    return bytes[at] === 13 && at + 1 < end && bytes[at + 1] === 10 ? at + 2 : -1;
  }

  /** Matches a whole line without its end. */
  matchLine(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#run(bytes, start, end) === end;
  }

  /** The line that it was compiled from. */
  get sample(): Uint8Array {
    return this.#text;
  }

  /** The same shape for the line machine; null where that cannot read such lines. */
  program(): LineProgram | null {
    const ops = this.#ops;
    if (this.#text.length > LONGEST_LINE) return null;
    const builder = new LineProgramBuilder();
    for (let k = 0, from = 0; k < ops.length; from = this.#ends[k++]!) {
      const to = this.#ends[k]!;
      const op = ops[k]!;
      if (op === LITERAL) builder.literal(this.#text.subarray(from, to));
      else if (op === BLANKS) builder.slot("blanks");
      else if (op === DIGITS) builder.slot("digits");
      else if (op === STRING) builder.slot("string", this.#text[to]);
      else if (op === NUMBER) builder.slot("number");
      else return null;
    }
    return builder.end();
  }

  /** Tells whether a line is a cut one of this shape: its first bytes, and at least one literal of it, agree. */
  isCut(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#run(bytes, start, end) === -2;
  }

  /** The index after the last slot, -1 where the bytes differ, -2 where they end too early. */
  #run(bytes: Uint8Array, start: number, end: number): number {
    const ops = this.#ops;
    const ends = this.#ends;
    const text = this.#text;
    const words = this.#words;
    const view = this.#numbers.viewOf(bytes);
    let i = start;
    let from = 0;
    let slot = 0;
    for (let k = 0; k < ops.length; k++) {
      const to = ends[k]!;
      switch (ops[k]) {
        case LITERAL: {
          const length = to - from;
          if (end - i < length) return this.#isLiteral(bytes, i, end, from) ? -2 : -1;
          if (length < 4) {
            for (let j = from; j < to; i++, j++) if (bytes[i] !== text[j]) return -1;
            break;
          }
          // Four bytes at a time; the last four may overlap those before.
          const stop = i + length - 4;
          for (let j = from; i < stop; i += 4, j += 4) {
            if (view.getInt32(i) !== words.getInt32(j)) return -1;
          }
          if (view.getInt32(stop) !== words.getInt32(to - 4)) return -1;
          i = stop + 4;
          break;
        }
        case BLANKS: {
          const first = i;
          while (i < end && isBlank(bytes[i]!)) i++;
          if (i === first) return i === end ? -2 : -1;
          break;
        }
        case DIGITS: {
          const first = i;
          while (i < end && isDigit(bytes[i]!)) i++;
          if (i === first) return i === end ? -2 : -1;
          break;
        }
        case STRING: {
          i = this.#string(bytes, i, end, text[to]!);
          if (i < 0) return i;
          break;
        }
        case CLOCK: {
          const next = this.#clock.scan(bytes, i, end);
          if (next === i) return i === end ? -2 : -1;
          this.values[slot++] = this.#clock.value;
          i = next;
          break;
        }
        default: {
          const next =
            ops[k] === GROUPED
              ? scanGrouped(this.#numbers, bytes, i, end)
              : this.#numbers.scan(bytes, i, end);
          if (next === i) return i === end ? -2 : -1;
          this.values[slot++] = this.#numbers.value;
          i = next;
        }
      }
      from = to;
    }
    return i;
  }

  #isLiteral(bytes: Uint8Array, start: number, end: number, from: number): boolean {
    for (let i = start, j = from; i < end; i++, j++) if (bytes[i] !== this.#text[j]) return false;
    return true;
  }

  /** Skips quoted text up to its closing quote; -1 where it spells a number, for then it is a point. */
  #string(bytes: Uint8Array, start: number, end: number, quote: number): number {
    let i = start;
    while (i < end) {
      const c = bytes[i]!;
      if (c === quote) return i > start && this.#numbers.scan(bytes, start, i) === i ? -1 : i;
      if (c === 10 || c === 13) return -1;
      i += c === 92 ? 2 : 1;
    }
    return -2;
  }
}

/** Reads a number, thousands grouped by commas or not, into `numbers.value`; returns the index after it. */
export function scanGrouped(numbers: NumberScanner, bytes: Uint8Array, start: number, end: number): number {
  const first = numbers.scan(bytes, start, end);
  let i = first;
  while (i + 4 <= end && bytes[i] === 44 && areDigits(bytes, i + 1, 3)) {
    if (i + 4 < end && isDigit(bytes[i + 4]!)) break;
    i += 4;
  }
  if (i === first) return first;
  if (bytes[i] === 46) for (i++; i < end && isDigit(bytes[i]!);) i++;
  let text = "";
  for (let k = start; k < i; k++) if (bytes[k] !== 44) text += String.fromCharCode(bytes[k]!);
  numbers.value = Number(text);
  return i;
}

function areDigits(bytes: Uint8Array, at: number, count: number): boolean {
  for (let i = at; i < at + count; i++) if (!isDigit(bytes[i]!)) return false;
  return true;
}

/** Sorts the bytes outside the fields into literal, blanks that pad a number, digits and string. */
function kindsOfBytes(line: Uint8Array, reading: LineReading): Uint8Array {
  const kinds = new Uint8Array(line.length);
  const starts = new Set(reading.fields.map(({ start }) => start));
  for (let i = line.length - 1; i >= 0; i--) {
    if (isDigit(line[i]!)) kinds[i] = DIGITS;
    else if (isBlank(line[i]!) && (starts.has(i + 1) || (kinds[i + 1] ?? LITERAL) !== LITERAL))
      kinds[i] = BLANKS;
  }
  for (const [start, end] of reading.literals ?? []) kinds.fill(LITERAL, start, end);
  for (const [start, end] of reading.strings ?? []) kinds.fill(STRING, start, end);
  return kinds;
}

function isBlank(c: number): boolean {
  return c === 32 || c === 9;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

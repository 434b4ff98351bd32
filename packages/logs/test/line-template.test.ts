import { describe, expect, test } from "vitest";
import { byteText } from "../src/bytes/byte-text.ts";
import { ClockScanner } from "../src/bytes/clock-scanner.ts";
import { NumberScanner } from "../src/bytes/number-scanner.ts";
import { lineGrammars } from "../src/grammars/index.ts";
import { linePrefix } from "../src/text/line-prefix.ts";
import type { LineReading } from "../src/text/line-reading.ts";
import { LineTemplate, scanGrouped } from "../src/text/line-template.ts";
import { withoutEscapes } from "../src/text/without-escapes.ts";
import { fixtures } from "./support/fixtures.ts";
import { seededRandom } from "./support/seeded-random.ts";

const numbers = new NumberScanner();
const clock = new ClockScanner();
const encoder = new TextEncoder();

type Read = (line: string) => LineReading | null;

/** Reads a line as the reader does: behind its prefix, the prefix's fields first. */
function readerOf(grammar: (line: string, start: number) => LineReading | null): Read {
  return (line) => {
    const prefix = linePrefix(line);
    const reading = grammar(line, prefix.end);
    return reading === null ? null : { ...reading, fields: [...prefix.fields, ...reading.fields] };
  };
}

function meaningOf(line: string, reading: LineReading): unknown[] {
  const bytes = Uint8Array.from(line, (c) => c.charCodeAt(0));
  return reading.fields.map((field) => {
    if (field.role === "clock") {
      clock.scan(bytes, field.start, field.end);
      return [field.role, clock.value];
    }
    if (field.grouped === true) scanGrouped(numbers, bytes, field.start, field.end);
    else numbers.scan(bytes, field.start, field.end);
    return [field.role, field.name, numbers.value];
  });
}

/** Another line of the same shape: other numbers in the fields, other digits and more blanks before numbers. */
function mutated(line: string, reading: LineReading, random: () => number): string {
  const fixed = [...(reading.literals ?? []), ...(reading.strings ?? [])];
  const starts = new Set(reading.fields.map(({ start }) => start));
  let out = "";
  let field = 0;
  for (let i = 0; i < line.length;) {
    const next = reading.fields[field];
    if (next?.start === i) {
      const choices = ["7", "0.125", "-2.5e-3", "nan", "1234.5", "3", line.slice(next.start, next.end)];
      const plain = next.role === "point" ? choices[Math.floor(random() * choices.length)]! : String(i % 97);
      out += next.role === "clock" ? line.slice(next.start, next.end) : plain;
      i = next.end;
      field++;
      continue;
    }
    const c = line[i]!;
    const inside = fixed.some(([start, end]) => i >= start && i < end);
    if (!inside && c >= "0" && c <= "9") out += String(Math.floor(random() * 10));
    else if (!inside && c === " " && (/[0-9]/.test(line[i + 1] ?? "") || starts.has(i + 1)) && random() < 0.3)
      out += "  ";
    else out += c;
    i++;
  }
  return out;
}

/** The line with one letter or sign outside its fields changed: another shape. */
function otherwise(line: string, reading: LineReading, random: () => number): string | null {
  const at = Math.floor(random() * line.length);
  const free =
    reading.fields.some(({ start, end }) => at >= start && at <= end) ||
    (reading.strings ?? []).some(([start, end]) => at >= start && at <= end);
  if (free || /[0-9\s]/.test(line[at]!)) return null;
  return `${line.slice(0, at)}${line[at] === "q" ? "z" : "q"}${line.slice(at + 1)}`;
}

describe("a line that a template matches means what its grammar reads in it", () => {
  const lines = fixtures()
    .filter(({ name }) => name.startsWith("text/") || name.startsWith("jsonl/"))
    .flatMap(({ bytes }) => {
      const plain = withoutEscapes(bytes, 0, bytes.length);
      return byteText(plain, 0, plain.length).split(/[\r\n]+/);
    });
  for (const grammar of lineGrammars) {
    test(grammar.id, () => {
      const random = seededRandom(20_260_105);
      const grammarRead = grammar.create();
      const read = readerOf(grammarRead);
      let shapes = 0;
      let matches = 0;
      for (const line of lines) {
        const reading = read(line);
        if (reading === null || reading.repeats === false || reading.fields.length === 0) continue;
        shapes++;
        const bytes = Uint8Array.from(line, (c) => c.charCodeAt(0));
        const template = new LineTemplate(bytes, reading, null, { numbers, clock });
        expect(template.matchLine(bytes, 0, bytes.length), line).toBe(true);
        for (let k = 0; k < 25; k++) {
          const other = mutated(line, reading, random);
          const otherBytes = Uint8Array.from(other, (c) => c.charCodeAt(0));
          if (!template.matchLine(otherBytes, 0, otherBytes.length)) continue;
          const values = [...template.values];
          const slow = read(other);
          expect(slow, `the grammar does not know ${other}`).not.toBeNull();
          const meaning = meaningOf(other, slow!) as unknown[][];
          expect(
            meaning.map((each) => each.at(-1)),
            other,
          ).toEqual(values);
          expect(
            meaning.map((each) => each.slice(0, -1)),
            other,
          ).toEqual((meaningOf(line, reading) as unknown[][]).map((each) => each.slice(0, -1)));
          matches++;
          const wrong = otherwise(line, reading, random);
          if (wrong !== null) {
            const wrongBytes = Uint8Array.from(wrong, (c) => c.charCodeAt(0));
            expect(template.matchLine(wrongBytes, 0, wrongBytes.length), wrong).toBe(false);
          }
        }
      }
      if (shapes > 0) expect(matches).toBeGreaterThan(shapes);
    });
  }
});

test("a template tells a cut line from another one", () => {
  const line = '{"step": 1, "loss": 2.5}';
  const bytes = encoder.encode(line);
  const reading: LineReading = {
    fields: [
      { start: 9, end: 10, role: "step" },
      { start: 20, end: 23, role: "point", name: "loss" },
    ],
    literals: [[0, line.length]],
  };
  const template = new LineTemplate(bytes, reading, null, { numbers, clock });
  const cut = encoder.encode('{"step": 12, "lo');
  const other = encoder.encode('{"epoch": 1}');
  expect(template.isCut(cut, 0, cut.length)).toBe(true);
  expect(template.isCut(other, 0, other.length)).toBe(false);
  expect(template.match(encoder.encode(`${line}\r\nx`), 0, line.length + 3)).toBe(line.length + 2);
  expect(template.match(encoder.encode(`${line}\rx`), 0, line.length + 2)).toBe(-1);
});

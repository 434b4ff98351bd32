import { describe, expect, test } from "vitest";
import { NumberScanner } from "../src/bytes/number-scanner.ts";
import { LineMachine } from "../src/scan/line-machine.ts";
import { LineProgramBuilder } from "../src/scan/line-program.ts";
import { seededRandom } from "./support/seeded-random.ts";

const encoder = new TextEncoder();
const machine = new LineMachine();
const scanner = new NumberScanner();

/** Lines of one number and nothing else. */
function numberProgram(before = "", after = ""): NonNullable<ReturnType<LineProgramBuilder["end"]>> {
  const builder = new LineProgramBuilder();
  builder.literal(encoder.encode(before));
  builder.slot("number");
  builder.literal(encoder.encode(after));
  return builder.end()!;
}

const program = numberProgram();

/** What the machine reads from lines of one number; it must leave no more than `left` of them. */
function readAll(texts: readonly string[]): (number | null)[] {
  const values: (number | null)[] = [];
  const bytes = encoder.encode(texts.map((text) => `${text}\n`).join(""));
  machine.release();
  for (let at = 0; values.length < texts.length;) {
    const rows = machine.run(program, bytes, at, bytes.length);
    values.push(...machine.column(0, rows));
    at = rows === 0 ? bytes.indexOf(10, at) + 1 : machine.next;
    if (rows === 0) values.push(null);
  }
  return values;
}

function expectRounded(texts: readonly string[], left: number): void {
  let unread = 0;
  readAll(texts).forEach((value, i) => {
    if (value === null) unread++;
    else if (!Object.is(value, Number(texts[i]))) expect.fail(`${texts[i]} was read as ${value}`);
  });
  expect(unread).toBeLessThanOrEqual(left * texts.length);
}

describe("numbers are rounded as Number() rounds them", () => {
  test("300,000 random decimals of all lengths", () => {
    const random = seededRandom(20_260_105);
    const pool = Array.from({ length: 4000 }, () => String(Math.floor(random() * 10))).join("");
    const digits = (count: number): string => {
      const at = Math.floor(random() * (pool.length - count));
      return pool.slice(at, at + count);
    };
    const texts = Array.from({ length: 300_000 }, () => {
      const whole = digits(1 + Math.floor(random() * (random() < 0.1 ? 16 : 4)));
      const fraction = random() < 0.8 ? `.${digits(1 + Math.floor(random() * 20))}` : "";
      const exponent =
        random() < 0.4 ? `e${random() < 0.6 ? "-" : "+"}${digits(1 + Math.floor(random() * 2))}` : "";
      return `${random() < 0.2 ? "-" : ""}${whole}${fraction}${exponent}`;
    });
    expectRounded(texts, 0.3);
  });

  test("decimals of 17 to 19 digits beside the middle between two doubles", () => {
    const random = seededRandom(11);
    const texts = Array.from({ length: 100_000 }, () => {
      const exponent = Math.floor(random() * 60 - 30);
      const mantissa = BigInt(Math.floor((1 + random()) * 2 ** 52));
      const digits = 17 + Math.floor(random() * 3);
      // (mantissa + 1/2) 2^exponent to so many digits, or one unit beside.
      const half = 2n * mantissa + 1n;
      const scale = 10n ** 60n;
      const exact = exponent > 0 ? (half << BigInt(exponent)) * scale : (half * scale) >> BigInt(-exponent);
      const first = BigInt(exact.toString().slice(0, digits)) + BigInt(Math.floor(random() * 3) - 1);
      return `${first}e${exact.toString().length - digits - 60}`;
    }).filter((text) => text.indexOf("e") <= 15 || !/^\d{16}/.test(text));
    const pointed = Array.from({ length: 100_000 }, () => {
      const mantissa = BigInt(Math.floor((1 + random()) * 2 ** 52));
      const shift = Math.floor(random() * 4);
      const text = ((2n * mantissa + 1n) * 5n ** BigInt(53 + shift)).toString();
      const digits = 16 + Math.floor(random() * 3);
      return `${text[0]}.${text.slice(1, digits)}e${Math.floor(random() * 30 - 15)}`;
    });
    expectRounded([...texts, ...pointed], 0.01);
  });

  test("numbers exactly in the middle between two doubles, and the powers of two beside", () => {
    const texts: string[] = [];
    for (let k = 0; k < 12; k++) {
      for (let i = 0; i < 200; i++) {
        const odd = 2 ** 53 + 2 * i + 1;
        const text = (BigInt(odd) * 5n ** BigInt(k)).toString();
        texts.push(`${text[0]}.${text.slice(1)}e${text.length - 1 - k}`);
      }
    }
    for (let q = -79; q < 60; q++) texts.push(`1e${q}`, `9.999999999999999e${q}`, `1.7976931348623157e${q}`);
    for (let b = -200; b < 200; b++)
      texts.push((2 ** b).toPrecision(17), (2 ** b * (1 - 2 ** -53)).toPrecision(17));
    expectRounded(texts, 0.6);
  });

  test("shortest spellings of random doubles between 1e-40 and 1e40", () => {
    const random = seededRandom(7);
    const texts = Array.from({ length: 100_000 }, () =>
      String((random() < 0.5 ? -1 : 1) * (1 + random()) * 10 ** Math.floor(random() * 80 - 40)),
    );
    expectRounded(texts, 0.08);
  });
});

test("whatever stands in a line, the machine reads it as the scanner does or leaves it", () => {
  const random = seededRandom(3);
  const alphabet = '0123456789.eE+-nNaAiIfFtTyY(_ms ,"';
  const texts = Array.from({ length: 60_000 }, () =>
    Array.from(
      { length: 1 + Math.floor(random() * 12) },
      () => alphabet[Math.floor(random() * alphabet.length)],
    ).join(""),
  );
  const words = [
    "nan",
    "-NaN",
    "inf",
    "-Infinity",
    "+inf",
    "nan(ind)",
    "nanms",
    "info",
    "infinit",
    "1e",
    "1.",
    ".5",
    "+1",
    "0x10",
    "--1",
  ];
  const all = [...texts, ...words];
  let read = 0;
  readAll(all).forEach((value, i) => {
    if (value === null) return;
    read++;
    const bytes = encoder.encode(all[i]);
    const length = scanner.scan(bytes, 0, bytes.length);
    if (length !== bytes.length || !Object.is(value, scanner.value)) {
      expect.fail(`${all[i]} is read as ${value}, not as ${scanner.value} of ${length} bytes`);
    }
  });
  expect(read).toBeGreaterThan(1000);
});

test("lines longer than a literal of 16 bytes, CRLF, and the end of the bytes", () => {
  const before = "a literal of more than sixteen bytes, and then some: ";
  const long = numberProgram(before, " of something rather long as well");
  const line = `${before}12.5 of something rather long as well`;
  const bytes = encoder.encode(`${line}\r\n${line}\n${line}`);
  machine.release();
  expect(machine.run(long, bytes, 0, bytes.length)).toBe(2);
  expect([...machine.column(0, 2)]).toEqual([12.5, 12.5]);
  expect(machine.next).toBe(2 * line.length + 3);
  const other = encoder.encode(`${line.replace("some:", "same:")}\n${line.replace("well", "wall")}\n`);
  machine.release();
  expect(machine.run(long, other, 0, other.length)).toBe(0);
});

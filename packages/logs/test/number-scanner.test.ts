import { describe, expect, test } from "vitest";
import { NumberScanner } from "../src/bytes/number-scanner.ts";
import { seededRandom } from "./support/seeded-random.ts";

const encoder = new TextEncoder();
const scanner = new NumberScanner();

function scan(text: string): { value: number; length: number } {
  const bytes = encoder.encode(text);
  const length = scanner.scan(bytes, 0, bytes.length);
  return { value: scanner.value, length };
}

/** What stands behind a number in a log must not be taken for its digits. */
const FOLLOWERS = ["", ",", "}", " ", "\n", "ms", '","', ":00", "/5", ";;;;", "----"];

describe("numbers are read as Number() reads them", () => {
  test("300,000 random decimals of all lengths", () => {
    const random = seededRandom(20_260_105);
    const pool = Array.from({ length: 4000 }, () => String(Math.floor(random() * 10))).join("");
    const digits = (count: number): string => {
      const at = Math.floor(random() * (pool.length - count));
      return pool.slice(at, at + count);
    };
    const bytes = new Uint8Array(100);
    for (let i = 0; i < 300_000; i++) {
      const whole = digits(1 + Math.floor(random() * (random() < 0.1 ? 22 : 4)));
      const fraction = random() < 0.8 ? `.${digits(Math.floor(random() * 20))}` : "";
      const exponent =
        random() < 0.4 ? `e${random() < 0.6 ? "-" : "+"}${digits(1 + Math.floor(random() * 2))}` : "";
      const text = `${random() < 0.2 ? "-" : ""}${whole}${fraction}${exponent}`;
      const follower = fraction === "" || exponent !== "" ? "," : FOLLOWERS[i % FOLLOWERS.length]!;
      const { written } = encoder.encodeInto(text + follower, bytes);
      const length = scanner.scan(bytes, 0, written);
      if (length !== text.length || !Object.is(scanner.value, Number(text))) {
        expect.fail(`${text}${follower}: ${scanner.value} was read from ${length} bytes`);
      }
    }
  });

  test("decimals of 20 to 29 digits beside the middle between two doubles", () => {
    const random = seededRandom(11);
    for (let i = 0; i < 20_000; i++) {
      const exponent = Math.floor(random() * 40 - 20);
      const mantissa = BigInt(Math.floor((1 + random()) * 2 ** 52));
      const digits = BigInt(20 + Math.floor(random() * 10));
      // (mantissa + 1/2) 2^(exponent - 52), cut to its first digits or one more.
      const numerator = (2n * mantissa + 1n) * 10n ** digits;
      const scaled = numerator / 2n ** BigInt(53 - exponent) + (random() < 0.5 ? 0n : 1n);
      const text = scaled.toString().padStart(Number(digits) + 1, "0");
      const decimal = `${text.slice(0, -Number(digits))}.${text.slice(-Number(digits))}`;
      if (!Object.is(scan(decimal).value, Number(decimal))) expect.fail(decimal);
    }
  });

  test("shortest spellings of random doubles, and longer ones", () => {
    const random = seededRandom(7);
    const view = new DataView(new ArrayBuffer(8));
    for (let i = 0; i < 20_000; i++) {
      view.setUint32(0, Math.floor(random() * 0x7ff00000));
      view.setUint32(4, Math.floor(random() * 0x100000000));
      const value = view.getFloat64(0);
      for (const text of [String(value), value.toPrecision(17), value.toPrecision(21)]) {
        if (!Object.is(scan(text).value, Number(text))) expect.fail(text);
      }
    }
  });

  test.each([
    "9007199254740993", // halfway between two doubles
    "9007199254740992.999999999999999999999",
    "1.00000000000000011102230246251565404236316680908203125", // halfway above 1
    "1.00000000000000011102230246251565404236316680908203124",
    "2.2250738585072011e-308", // the largest subnormal
    "4.9e-324",
    "1e-400",
    "1e400",
    "123456789012345678901234567890",
    "0.000000000000000000000000000000000001",
    "-0.0",
    "00012.5",
    "5.",
    ".5",
    "1e22",
    "1e23",
  ])("%s", (text) => {
    expect(scan(text)).toEqual({ value: Number(text), length: text.length });
  });
});

test.each([
  ["nan", NaN, 3],
  ["NaN,", NaN, 3],
  ["-nan", NaN, 4],
  ["-nan(ind)", NaN, 9],
  ["nanms", NaN, 3],
  ["inf", Infinity, 3],
  ["-Infinity}", -Infinity, 9],
  ["+INF", Infinity, 4],
])("%s is read as %d", (text, value, length) => {
  expect(scan(text)).toEqual({ value, length });
});

test.each(["", "-", "+", ".", "-.", "e5", "info", "nano", "nan_count", "infinite", "abc", " 1", "--1"])(
  "%j is no number",
  (text) => {
    expect(scan(text).length).toBe(0);
  },
);

test.each([
  ["1e", 1, 1],
  ["1e+", 1, 1],
  ["1.5.2", 1.5, 3],
  ["12ms", 12, 2],
  ["3,4", 3, 1],
  ["0x10", 0, 1],
])("%s is read as far as it is one", (text, value, length) => {
  expect(scan(text)).toEqual({ value, length });
});

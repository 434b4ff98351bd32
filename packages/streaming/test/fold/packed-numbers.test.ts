import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NumberPacker, NumberUnpacker } from "../../src/fold/packed-numbers.ts";
import { SEED } from "../seeded-random.ts";

const bitsOf = (numbers: Float64Array): bigint[] => [
  ...new BigUint64Array(numbers.buffer, numbers.byteOffset, numbers.length),
];
const packed = (...numbers: number[]): Uint8Array =>
  new NumberPacker().pack([Float64Array.from(numbers)]).slice();
/** Bytes of the numbers themselves: without base and count, their halves of bytes, and the zeros at the end. */
const sizeOf = (...numbers: number[]): number =>
  packed(...numbers).length - 12 - ((numbers.length + 1) >> 1) - 8;

test("numbers come back to the last bit, whatever stands beside them, in memory that is used again", () => {
  const packer = new NumberPacker();
  const unpacker = new NumberUnpacker();
  const anyBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => {
    return new Float64Array(BigUint64Array.of(bits).buffer)[0]!;
  });
  const topBits = fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.integer({ min: 0, max: 63 }))
    .map(([bits, zeros]) => {
      const shift = BigInt(zeros);
      return new Float64Array(BigUint64Array.of((bits >> shift) << shift).buffer)[0]!;
    });
  const whole = fc.integer({ min: -3, max: 2 ** 26 });
  const far = fc.integer({ min: 0, max: 2 ** 25 }).map((x) => 2 ** 40 + x);
  const special = fc.constantFrom(
    0,
    -0,
    1,
    255,
    256,
    65535,
    65536,
    2 ** 24 - 1,
    2 ** 24,
    NaN,
    Infinity,
    2 ** 53,
  );
  const numbers = fc.array(fc.oneof(fc.double(), anyBits, topBits, whole, far, special), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(numbers, { maxLength: 3 }), (arrays) => {
      const all = arrays.map((array) => Float64Array.from(array));
      const found = unpacker.unpack(packer.pack(all).slice());
      expect(bitsOf(found!)).toEqual(all.flatMap(bitsOf));
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

test("counts, rows and short fractions take few bytes", () => {
  expect(sizeOf(0, 0, 0)).toBe(0);
  expect(sizeOf(1, 255)).toBe(2);
  expect(sizeOf(256, 65_535)).toBe(4);
  expect(sizeOf(65_536, 2 ** 24 - 1)).toBe(6);
  // Rows of a task that lie together: the first is the base.
  expect(sizeOf(7_000_000_000, 7_000_000_255, 7_000_001_000, 7_000_100_000)).toBe(1 + 1 + 2 + 3);
  // No fraction is a base.
  expect(sizeOf(2 ** 30 + 0.5, 7_000_000_000, 7_000_000_255)).toBe(sizeOf(2 ** 30 + 0.5) + 1 + 1);
  expect(sizeOf(-0)).toBe(1);
  expect(sizeOf(0.5, -1.5, Infinity)).toBe(2 + 2 + 2);
  expect(sizeOf(Math.fround(0.1))).toBe(5);
  expect(sizeOf(0.1)).toBe(8);
  expect(sizeOf(Number.MIN_VALUE)).toBe(8);
});

test("bytes that are cut, lengthened or changed are none, or other numbers", () => {
  const unpacker = new NumberUnpacker();
  const bytes = packed(0, 1, 300, 2 ** 30, 2 ** 30 + 5, 0.1, -0.5);
  expect(unpacker.unpack(bytes)).not.toBeNull();
  for (let end = 0; end < bytes.length; end++) expect(unpacker.unpack(bytes.slice(0, end))).toBeNull();
  expect(unpacker.unpack(Uint8Array.of(...bytes, 0))).toBeNull();
  for (let i = 0; i < bytes.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = bytes.slice();
      changed[i]! ^= 1 << bit;
      const found = unpacker.unpack(changed);
      // Count, zeros at the end, and the half of a byte after the last number.
      const isFramed = (i >= 8 && i < 12) || i >= bytes.length - 8 || (i === 15 && bit >= 4);
      if (isFramed) expect(found).toBeNull();
      else if (found !== null) expect(found).toHaveLength(7);
    }
  }
  // Of 1 the highest two bytes, 4 of 1 + 2^-16: were there a kind for it, all would be framed.
  const unknown = packed(1 + 2 ** -16);
  expect(unknown[12]).toBe(4);
  unknown[12] = 15;
  expect(unpacker.unpack(unknown)).toBeNull();
});

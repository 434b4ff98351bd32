import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BucketCursor, BucketWriter, mostBytesOf, PLACES } from "../../src/fold/bucket-code.ts";
import { SEED, seededRandom } from "../seeded-random.ts";

type Buckets = readonly (readonly [place: number, count: number])[];

const counts = new Float64Array(PLACES);
const writer = new BucketWriter();

/** The block of some buckets, behind bytes that are not its own and before others. */
function blockOf(buckets: Buckets, before = 3): { readonly bytes: Uint8Array; readonly end: number } {
  const bytes = new Uint8Array(before + mostBytesOf(buckets.length) + 5).fill(0xa5);
  for (const [place, count] of buckets) counts[place] = count;
  const places = Int32Array.from(buckets, ([place]) => place);
  const end = writer.write(bytes, before, places, places.length, counts, 0);
  expect(end).toBeLessThanOrEqual(before + mostBytesOf(buckets.length));
  for (const [place] of buckets)
    if (!Object.is(counts[place], 0)) expect.fail(`${counts[place]} is left at ${place}`);
  return { bytes, end };
}

function bucketsIn(bytes: Uint8Array, start: number, end: number): Buckets | null {
  const cursor = new BucketCursor();
  const found: (readonly [number, number])[] = [];
  for (cursor.open(bytes, start, end); cursor.next();) found.push([cursor.place, cursor.count]);
  return cursor.isDamaged ? null : found;
}

const MOST = Number.MAX_SAFE_INTEGER;
const anyCount = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }) },
  fc.integer({ min: 1, max: MOST }),
  fc.constantFrom(
    1,
    2,
    3,
    4,
    2 ** 19,
    2 ** 20,
    2 ** 30,
    2 ** 30 + 1,
    2 ** 31,
    2 ** 32,
    2 ** 52,
    MOST - 1,
    MOST,
  ),
);
const anyStep = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 300 }), fc.nat(60_000));

test("buckets are read as they were written: any places, counts from 1 to 2^53 - 1", () => {
  fc.assert(
    fc.property(
      fc.nat(PLACES - 1),
      fc.array(fc.tuple(anyStep, anyCount), { minLength: 1, maxLength: 60 }),
      (first, steps) => {
        const buckets: [number, number][] = [];
        let place = first;
        for (const [step, count] of steps) {
          if (place < PLACES) buckets.push([place, count]);
          place += Math.max(1, step);
        }
        const { bytes, end } = blockOf(buckets);
        expect(bucketsIn(bytes, 3, end)).toEqual(buckets);
      },
    ),
    { seed: SEED, numRuns: 1000 },
  );
});

test("the lowest and the highest bucket, alone and together; all buckets", () => {
  for (const buckets of [
    [[0, 1]],
    [[PLACES - 1, MOST]],
    [
      [0, MOST],
      [PLACES - 1, MOST],
    ],
  ] as const) {
    const { bytes, end } = blockOf(buckets, 0);
    expect(bucketsIn(bytes, 0, end)).toEqual(buckets);
  }
  const all = Array.from({ length: 70_000 }, (_, i) => [i, 1 + (i % 5)] as const);
  const { bytes, end } = blockOf(all, 0);
  expect(bucketsIn(bytes, 0, end)).toEqual(all);
});

test("counts of more bits than a double adds to, behind large ones", () => {
  for (const count of [MOST, MOST - 1, MOST - 2, 2 ** 52 + 1]) {
    const buckets = [
      [5, 2 ** 40],
      [9, count],
      [10, count],
    ] as const;
    const { bytes, end } = blockOf(buckets, 0);
    expect(bucketsIn(bytes, 0, end)).toEqual(buckets);
  }
});

test("where many buckets are in use one takes less than a byte", () => {
  const random = seededRandom(SEED);
  const buckets: [number, number][] = [];
  for (let place = 130_000; buckets.length < 1000; place++)
    if (random() < 0.7) buckets.push([place, Math.ceil(6 * random())]);
  expect(blockOf(buckets, 0).end).toBeLessThan(0.75 * buckets.length);
});

test("bytes that are cut or changed are no block, or another one: places in order, whole counts", () => {
  const { bytes, end } = blockOf(
    [
      [7, 1],
      [8, 300],
      [5000, 2 ** 40],
      [PLACES - 2, 3],
    ],
    0,
  );
  for (let cut = 0; cut < end; cut++) {
    const read = bucketsIn(bytes, 0, cut);
    // What ends where a count does is a block of fewer buckets.
    if (read !== null) expect(read.length).toBeLessThan(4);
  }
  expect(bucketsIn(bytes.slice(0, end), 0, end + 1)).toBe(null);
  for (let at = 0; at < end; at++) {
    for (let value = 0; value < 256; value++) {
      const changed = bytes.slice(0, end);
      changed[at] = value;
      let before = -1;
      for (const [place, count] of bucketsIn(changed, 0, end) ?? []) {
        expect(place > before && place < PLACES && Number.isSafeInteger(count) && count > 0).toBe(true);
        before = place;
      }
    }
  }
});

test("what stands behind a block is none of its own, and a zero byte more is refused", () => {
  const odd: unknown[] = [];
  for (let first = 1; first < 40; first++) {
    for (let step = 1; step < 8; step++) {
      for (let bits = 0; bits < 20; bits++) {
        const buckets = [
          [5, first],
          [5 + step, 2 ** bits + first],
        ] as const;
        const { bytes, end } = blockOf(buckets, 0);
        const longer = new Uint8Array(end + 1);
        longer.set(bytes.subarray(0, end));
        bytes.fill(255, end);
        const read = String(bucketsIn(bytes, 0, end)) === String(buckets);
        if (!read || bucketsIn(longer, 0, end + 1) !== null) odd.push(buckets);
      }
    }
  }
  expect(odd).toEqual([]);
});

test("a count of 2^53, a distance that nothing follows and a g beyond 19 are damage, which the next block knows nothing of", () => {
  for (const buckets of [
    [[5, MOST + 1]],
    [
      [5, 2 ** 40],
      [9, MOST + 1],
    ],
  ] as const) {
    const { bytes, end } = blockOf(buckets, 0);
    expect(bucketsIn(bytes, 0, end)).toBe(null);
  }
  expect(bucketsIn(Uint8Array.of(0, 0, 0, 255), 0, 4)).toBe(null);
  for (let g = 20; g < 32; g++) expect(bucketsIn(Uint8Array.of(0, 0, g, 128), 0, 4)).toBe(null);
  // A place that there is none of, first and after the last.
  const from = (place: number): number[] => [place >> 11, (place >> 3) & 255, (place & 7) << 5];
  expect(bucketsIn(Uint8Array.of(...from(PLACES - 1), 0b10000000), 0, 4)).toEqual([[PLACES - 1, 1]]);
  expect(bucketsIn(Uint8Array.of(...from(PLACES), 0b10000000), 0, 4)).toBe(null);
  expect(bucketsIn(Uint8Array.of(...from(PLACES - 1), 0b11100000, 0), 0, 5)).toBe(null);
  expect(bucketsIn(Uint8Array.of(...from(PLACES - 2), 0b11100000), 0, 4)).toEqual([
    [PLACES - 2, 1],
    [PLACES - 1, 1],
  ]);
  expect(bucketsIn(Uint8Array.of(...from(PLACES - 1), 0b11100000), 0, 4)).toBe(null);
  const cursor = new BucketCursor();
  cursor.open(Uint8Array.of(0, 0, 31, 128), 0, 4);
  expect([cursor.isDamaged, cursor.next()]).toEqual([true, false]);
  cursor.open(Uint8Array.of(0, 0, 0, 128), 0, 4);
  expect([cursor.isDamaged, cursor.next(), cursor.place, cursor.count]).toEqual([false, true, 0, 1]);
});

test("the bits of a block are those that are documented: checkpoints of this version hold them", () => {
  const { bytes, end } = blockOf(
    [
      [PLACES - 9, 5],
      [PLACES - 7, 2 ** 41],
      [PLACES - 2, 2 ** 41],
    ],
    0,
  );
  const bits = [...bytes.subarray(0, end)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const word = (x: number, k: number): string => {
    const digits = (BigInt(x) + (1n << BigInt(k))).toString(2);
    return "0".repeat(digits.length - k - 1) + digits;
  };
  const said =
    (PLACES - 9).toString(2).padStart(19, "0") +
    "00000" +
    [word(4, 0), word(1, 0), word(2 ** 41 - 1, 1), word(4, 0), word(2 ** 41 - 1, 19)].join("");
  expect(bits).toBe(said.padEnd(Math.ceil(said.length / 8) * 8, "0"));
});

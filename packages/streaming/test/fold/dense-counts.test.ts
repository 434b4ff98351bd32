import { expect, test } from "vitest";
import { BucketCursor, PLACES } from "../../src/fold/bucket-code.ts";
import { BucketCounts } from "../../src/fold/bucket-counts.ts";
import { DenseCounts } from "../../src/fold/dense-counts.ts";
import { SketchRoom } from "../../src/fold/sketch-room.ts";

type Buckets = ReadonlyMap<number, number>;

function countsOf(buckets: Buckets): BucketCounts {
  const counts = new BucketCounts();
  for (const [place, count] of buckets) counts.add(place, count);
  return counts;
}

/** All that is counted, zeros left out, in order. */
function bucketsIn(counts: BucketCounts): Buckets {
  const found = new Map<number, number>();
  expect([...counts.places()]).toEqual([...counts.places()].sort((a, b) => a - b));
  for (const place of counts.places()) if (counts.countAt(place) > 0) found.set(place, counts.countAt(place));
  return found;
}

function bucketsOfCell(dense: DenseCounts, cell: number): Buckets {
  const counts = new BucketCounts();
  if (dense.open(cell)) dense.addTo(counts);
  return bucketsIn(counts);
}

/** `length` buckets from `low` on, each `step` places behind the one before, that count 1, 2, ... 15, 1, ... */
function runOf(low: number, length: number, step = 1): Buckets {
  return new Map(Array.from({ length }, (_, i) => [low + i * step, 1 + (i % 15)]));
}

test("a run of buckets anywhere is held whole, up to 4096 words, and 16 bytes a word", () => {
  for (const [low, length] of [
    [0, 64],
    [32 * 300, 64],
    [32 * 16_000, 32 * 300],
    [32 * 255, 32 * 257],
    [32, 32 * 4096],
  ] as const) {
    const dense = new DenseCounts(new SketchRoom());
    const counts = countsOf(runOf(low, length));
    dense.put(7, counts);
    expect(bucketsIn(counts).size).toBe(0);
    expect(dense.size).toBe(6 + length / 2);
    expect(bucketsOfCell(dense, 7)).toEqual(runOf(low, length));
    expect(bucketsOfCell(dense, 6).size + bucketsOfCell(dense, 8).size).toBe(0);
  }
});

test("nothing is lost of what no half byte and no page holds", () => {
  const all = new Map([...runOf(0, PLACES / 2, 2), [100_000, 2 ** 40 + 21], [100_002, 2 ** 53 - 1]]);
  const dense = new DenseCounts(new SketchRoom());
  const counts = countsOf(all);
  dense.put(0, counts);
  expect(dense.size).toBe(6 + 16 * 4096);
  dense.open(0);
  dense.addTo(counts);
  expect(bucketsIn(counts)).toEqual(new Map([...all].sort(([a], [b]) => a - b)));
});

test("a word between two runs costs what it is, and few buckets are left where they were", () => {
  const two = new Map([...runOf(3200, 64), ...runOf(320_000, 96), [400_000, 1]]);
  const dense = new DenseCounts(new SketchRoom());
  const counts = countsOf(two);
  dense.put(0, counts);
  expect(bucketsOfCell(dense, 0)).toEqual(runOf(320_000, 96));
  expect(bucketsIn(counts)).toEqual(new Map([...runOf(3200, 64), [400_000, 1]]));
  const few = countsOf(runOf(64, 12));
  dense.put(1, few);
  expect([dense.open(1), bucketsIn(few).size]).toEqual([false, 12]);
});

test("words between two runs are taken where the runs pay for them", () => {
  // A full word pays for 20 buckets, an empty one costs 12.
  for (const [gap, words] of [
    [3, 7],
    [4, 2],
  ] as const) {
    const dense = new DenseCounts(new SketchRoom());
    const all = new Map([...runOf(3200, 64), ...runOf(3200 + 64 + 32 * gap, 64)]);
    const counts = countsOf(all);
    dense.put(0, counts);
    expect(dense.size).toBe(6 + 16 * words);
    dense.open(0);
    dense.addTo(counts);
    expect(bucketsIn(counts)).toEqual(all);
  }
});

test("what pages held before is in no cell that is put into them", () => {
  const dense = new DenseCounts(new SketchRoom());
  for (const step of [1, 2, 1]) {
    const run = runOf(6400, 401, step);
    const counts = countsOf(run);
    dense.put(0, counts);
    if (dense.open(0)) dense.addTo(counts);
    expect(bucketsIn(counts)).toEqual(run);
    dense.clear();
    expect(dense.open(0)).toBe(false);
  }
});

/** Adds buckets to the open cell. @returns what is left over */
function leftOf(dense: DenseCounts, buckets: Buckets): Buckets {
  const counts = countsOf(buckets);
  const end = counts.write();
  const cursor = new BucketCursor();
  cursor.open(counts.bytes, 0, end);
  dense.addBuckets(cursor, counts);
  return bucketsIn(counts);
}

test("a bucket counts to 15 and gives up multiples of 16; without a cell all is given back", () => {
  const dense = new DenseCounts(new SketchRoom());
  dense.put(0, countsOf(runOf(320, 32)));
  dense.open(0);
  expect(leftOf(dense, new Map([[334, 1]]))).toEqual(new Map([[334, 16]]));
  expect(leftOf(dense, new Map([[334, 15]]))).toEqual(new Map());
  expect(leftOf(dense, new Map([[334, 40]]))).toEqual(new Map([[334, 48]]));
  const beside = new Map([
    [319, 3],
    [352, 3],
  ]);
  expect(leftOf(dense, beside)).toEqual(beside);
  const held = new Map(runOf(320, 32));
  held.set(334, 7);
  expect(bucketsOfCell(dense, 0)).toEqual(held);
  dense.open(1);
  expect(leftOf(dense, new Map([[320, 3]]))).toEqual(new Map([[320, 3]]));
  expect(bucketsOfCell(dense, 0)).toEqual(held);
});

test("what may be left over of a cell grows with what was when it was put, also where it was copied", () => {
  const room = new SketchRoom();
  const [dense, other] = [new DenseCounts(room), new DenseCounts(room)];
  const mostLeft = [0, 1, 100, 70_000].map((few, cell) => {
    const counts = countsOf(new Map([...runOf(320, 64), ...runOf(6400, few, 7)]));
    dense.put(cell, counts);
    expect(bucketsIn(counts).size).toBe(few);
    dense.open(cell);
    other.copy(cell, dense);
    other.open(cell);
    expect(other.mostLeft).toBe(dense.mostLeft);
    return dense.mostLeft;
  });
  expect(mostLeft).toEqual([16, 17, 141, 16 + Math.floor(1.25 * 65_535)]);
});

test("cells that fill pages to their last byte stand apart, also when they are copied to pages that were used", () => {
  const room = new SketchRoom();
  const dense = new DenseCounts(room);
  const other = new DenseCounts(room);
  const run = runOf(6400, 64);
  // 54 bytes, then 38 each: of the page's 131,072 the 3447th of these leaves as many as one's words, without what stands before.
  const cells = 3454;
  const first = runOf(6400, 96);
  const last = new BucketCounts();
  for (let cell = 0; cell < cells; cell++) {
    for (const [place, count] of cell === 0 ? first : run) last.add(place, count);
    dense.put(cell, last);
    last.clear();
  }
  for (let cell = 0; cell < cells; cell++) {
    expect(dense.open(cell)).toBe(true);
    other.copy(cell, dense);
  }
  for (const cell of [0, 1, 3446, 3447, 3448, 3449, 3453]) {
    const due = cell === 0 ? first : run;
    expect([bucketsOfCell(dense, cell), bucketsOfCell(other, cell)]).toEqual([due, due]);
  }
});

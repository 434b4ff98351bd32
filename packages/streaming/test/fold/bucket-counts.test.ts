import { expect, test } from "vitest";
import { PLACES } from "../../src/fold/bucket-code.ts";
import { BucketCounts } from "../../src/fold/bucket-counts.ts";
import { SEED, seededRandom } from "../seeded-random.ts";

test("buckets are given in order each time, few or many, near or far, whatever was counted before", () => {
  const random = seededRandom(SEED);
  const counts = new BucketCounts();
  for (let round = 0; round < 60; round++) {
    const length = [1, 16, 17, 500][round % 4]!;
    const width = [64, 5000, PLACES][round % 3]!;
    const low = Math.floor(random() * (PLACES - width));
    const due = new Map<number, number>();
    for (let i = 0; i < length; i++) {
      const place = low + Math.floor(random() * width);
      counts.add(place, 1 + (i % 3));
      due.set(place, (due.get(place) ?? 0) + 1 + (i % 3));
    }
    const order = [...due.keys()].sort((a, b) => a - b);
    expect([...counts.places()]).toEqual(order);
    expect(order.map((place) => counts.countAt(place))).toEqual(order.map((place) => due.get(place)));
    counts.clear();
  }
});

test("half bytes that would count beyond 2^53 - 1 are refused, and all is forgotten", () => {
  const counts = new BucketCounts();
  const halves = Uint8Array.of(0x21, 0x43);
  counts.add(101, Number.MAX_SAFE_INTEGER - 2);
  counts.addHalves(halves, 0, 100, 4);
  expect(counts.countAt(101)).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => counts.addHalves(halves, 0, 100, 4)).toThrow(expect.objectContaining({ code: "LF_COUNT" }));
  expect(counts.length).toBe(0);
  counts.addHalves(halves, 0, 100, 4);
  expect(Array.from(counts.places(), (place) => counts.countAt(place))).toEqual([1, 2, 3, 4]);
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QuantileSketch } from "@lossflow/core/running";
import { anyFinite, holds } from "../oracle.ts";

const anyNumber = fc.oneof(
  { weight: 8, arbitrary: anyFinite },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, Number.NaN) },
);

function sketchFrom(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  sketch.addArray(values);
  return sketch;
}

test("a quantile is within 1 part in 256 of the number at its rank", () => {
  holds(
    fc.property(
      fc.array(anyNumber, { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, p) => {
        const sketch = sketchFrom(values);
        const sorted = values.filter((x) => !Number.isNaN(x)).sort((a, b) => a - b);
        expect([sketch.count, sketch.nan]).toEqual([sorted.length, values.length - sorted.length]);
        const quantile = sketch.quantile(p);
        if (sorted.length === 0) {
          expect(quantile).toBeNaN();
          return;
        }
        const exact = sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1]!;
        if (Math.abs(exact) < 2 ** -1022) expect(quantile).toBe(0);
        else if (Number.isFinite(exact))
          expect(Math.abs(quantile / 2 - exact / 2)).toBeLessThanOrEqual(Math.abs(exact / 512));
        else expect(quantile).toBe(exact);
      },
    ),
    500,
  );
});

test("between a minimum and a maximum that are known, both of which are exact", () => {
  holds(
    fc.property(
      fc.array(anyNumber, { minLength: 1, maxLength: 30 }),
      fc.constantFrom(0, 0.25, 0.5, 1),
      (values, p) => {
        const finite = values.filter(Number.isFinite);
        const [min, max] = [Math.min(...finite), Math.max(...finite)];
        const sketch = sketchFrom(values);
        const plain = sketch.quantile(p);
        const quantile = sketch.quantile(p, min, max);
        if (!Number.isFinite(plain)) expect(quantile).toBe(plain);
        else {
          expect(quantile >= min && quantile <= max).toBe(true);
          // Infinities are numbers too: the first finite one comes behind those below it.
          const below = values.filter((x) => x === -Infinity).length;
          const rank = Math.max(1, Math.ceil(p * sketch.count)) - below;
          if (rank === 1 || rank === finite.length) expect(quantile).toBe(rank === 1 ? min : max);
        }
      },
    ),
    500,
  );
  expect(sketchFrom([1.001, 1.002, 1.003]).quantile(0.5, 1.001, 1.003)).toBe(1.003);
  expect(sketchFrom([-Infinity, 1.001, 2.001]).quantile(0.5, 1.001, 2.001)).toBe(1.001);
  expect(sketchFrom([1.001, 2.001, Infinity]).quantile(0.5, 1.001, 2.001)).toBe(2.001);
});

test("counts beyond 2^53, or that are no counts, are refused, and nothing is added", () => {
  const full = new QuantileSketch();
  full.add(1, 2 ** 53 - 1);
  const before = full.toBytes();
  const refused = expect.objectContaining({ code: "LF_COUNT" });
  expect(() => full.add(2)).toThrow(refused);
  expect(() => full.merge(sketchFrom([3, Number.NaN]))).toThrow(refused);
  // As bigint it is no number that could be added.
  for (const times of [-1, 0.5, Number.NaN, Infinity, 1n as unknown as number]) {
    expect(() => full.add(Number.NaN, times)).toThrow(refused);
    expect(() => full.addBucket(full.bucketOf(5), times)).toThrow(refused);
  }
  expect(full.toBytes()).toEqual(before);

  // Next to 2^53 a sum of counts is whole whatever part is added.
  const large = new QuantileSketch();
  large.add(1, 2 ** 52 + 1);
  expect(() => large.add(2, 0.25)).toThrow(refused);
  expect(large.quantile(1)).toBe(large.quantile(0));
});

test("any order, partition and merging gives the same bytes", () => {
  holds(
    fc.property(fc.array(anyNumber, { maxLength: 60 }), fc.nat(60), (values, cut) => {
      const whole = sketchFrom(values).toBytes();
      const merged = sketchFrom(values.slice(cut).reverse());
      merged.merge(QuantileSketch.fromBytes(sketchFrom(values.slice(0, cut)).toBytes()));
      expect(merged.toBytes()).toEqual(whole);
    }),
  );
});

test("repetition is the same as adding one by one", () => {
  const repeated = new QuantileSketch();
  repeated.add(2, 3);
  repeated.add(Number.NaN, 2);
  expect(repeated.toBytes()).toEqual(sketchFrom([2, Number.NaN, 2, Number.NaN, 2]).toBytes());
});

test("what is added no times leaves nothing behind", () => {
  const sketch = sketchFrom([2]);
  sketch.add(5, 0);
  sketch.add(Number.NaN, 0);
  sketch.addBucket(sketch.bucketOf(7), -0);
  expect(sketch.toBytes()).toEqual(sketchFrom([2]).toBytes());
  expect(QuantileSketch.fromBytes(sketch.toBytes()).count).toBe(1);
});

test("what is no number counts as NaN, and a bucket that there is not is refused", () => {
  const sketch = sketchFrom([2, undefined, "7", null, 3n, Symbol("s")] as number[]);
  expect([sketch.count, sketch.nan, sketch.quantile(1)]).toEqual([1, 5, sketchFrom([2]).quantile(1)]);
  for (const bucket of [0.5, Number.NaN, 1e6, -1e6, "1" as unknown as number])
    expect(() => sketch.addBucket(bucket, 1)).toThrow(expect.objectContaining({ code: "LF_BAD_PARAMETER" }));
  sketch.addBucket(sketch.bucketOf(-Infinity), 1);
  expect(QuantileSketch.fromBytes(sketch.toBytes()).count).toBe(2);
});

test("a part outside of an array is refused, an endless one too, and what is no array or no sketch", () => {
  const sketch = sketchFrom([2]);
  const before = sketch.toBytes();
  const refused = (code: string): unknown => expect.objectContaining({ code });
  for (const part of [[0, Infinity], [0, 4], [-1], [2, 1], [0.5], [Number.NaN], ["0"], [0, 3n]]) {
    const [start, end] = part as number[];
    expect(() => sketch.addArray([1, 2, 3], start, end)).toThrow(refused("LF_BAD_PARAMETER"));
  }
  for (const none of [null, undefined, 3, "12", {}, Symbol("s")] as unknown as number[][]) {
    expect(() => sketch.addArray(none)).toThrow(refused("LF_NOT_A_NUMBER"));
    expect(() => QuantileSketch.quantileOf(none, [1], 0.5)).toThrow(refused("LF_NOT_A_NUMBER"));
    expect(() => QuantileSketch.quantileOf([1], none, 0.5)).toThrow(refused("LF_NOT_A_NUMBER"));
    const other = none as unknown as QuantileSketch;
    expect(() => sketch.merge(other)).toThrow(refused("LF_BAD_PARAMETER"));
  }
  expect(() => QuantileSketch.quantileOf([1, 2], [1], 0.5)).toThrow(refused("LF_LENGTH_MISMATCH"));
  expect(sketch.toBytes()).toEqual(before);
  sketch.addArray([1, 2, 3], 1, 2);
  expect(sketch.toBytes()).toEqual(sketchFrom([2, 2]).toBytes());
});

test("a share outside [0, 1] is refused", () => {
  for (const p of [-0.1, 1.1, Number.NaN, null, "0.5", 1n, Symbol("s")] as number[]) {
    expect(() => sketchFrom([1]).quantile(p)).toThrow(expect.objectContaining({ code: "LF_BAD_PARAMETER" }));
  }
});

describe("bytes", () => {
  const sample = sketchFrom([1, 2, 2, -3, Number.NaN, 1e300]).toBytes();

  test("whose memory has been given away, and what are none, are refused with a code", () => {
    const bytes = sample.slice();
    structuredClone(bytes, { transfer: [bytes.buffer] });
    const view = new DataView(sample.slice().buffer);
    for (const none of [bytes, view, null, undefined, "LFQS"] as unknown as Uint8Array[])
      expect(() => QuantileSketch.fromBytes(none)).toThrow(
        expect.objectContaining({ code: "LF_STATE_UNKNOWN" }),
      );
  });

  test("cut anywhere or with any byte changed are refused with a code", () => {
    const refused = expect.objectContaining({ code: expect.stringMatching(/^LF_STATE_/) as string });
    for (let i = 0; i < sample.length; i++) {
      expect(() => QuantileSketch.fromBytes(sample.subarray(0, i))).toThrow(refused);
      const changed = sample.slice();
      changed[i]! ^= 0x41;
      expect(() => QuantileSketch.fromBytes(changed)).toThrow(refused);
    }
  });
});

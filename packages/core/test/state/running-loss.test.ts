import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RunningLoss, type NanPolicy, type RunningLossOptions, type RunningLossState } from "@lossflow/core";
import { anyFinite, holds, isNearest, rationalFromNumber, sumOf, times, type Rational } from "../oracle.ts";

interface Row {
  readonly kind: "loss" | "missing" | "ignored";
  readonly value: number;
  readonly weight: number;
}

const anyRow: fc.Arbitrary<Row> = fc.record({
  kind: fc.constantFrom("loss", "loss", "loss", "loss", "missing", "ignored"),
  value: fc.oneof(
    { weight: 4, arbitrary: anyFinite },
    { weight: 2, arbitrary: fc.double({ min: 0, max: 5, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 1, 1) },
  ),
  weight: fc.oneof(fc.constant(1), fc.constantFrom(0, 0.5, 2), anyFinite),
});
const anyOptions: fc.Arbitrary<RunningLossOptions> = fc.record({
  nan: fc.constantFrom<NanPolicy>("count", "skip", "propagate"),
  zeroWeight: fc.constantFrom("ignore", "multiply"),
  squares: fc.boolean(),
});

/** Adds `rows`, the first of which stands at `first`, one by one. */
function stateFrom(rows: readonly Row[], options: RunningLossOptions, first = 0): RunningLossState {
  const state = RunningLoss.create(options);
  rows.forEach(({ kind, value, weight }, i) => {
    if (kind === "missing") RunningLoss.addMissing(state, 1);
    else if (kind === "ignored") RunningLoss.addIgnored(state, 1);
    else RunningLoss.add(state, value, weight, first + i);
  });
  return state;
}

describe("any way of adding the same rows gives the same bytes", () => {
  test("in any partition, merged in any order", () => {
    holds(
      fc.property(
        fc.array(anyRow, { maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 5 }),
        anyOptions,
        fc.boolean(),
        (rows, cuts, options, backwards) => {
          const whole = RunningLoss.toBytes(stateFrom(rows, options));
          const ends = [
            0,
            ...cuts.map((cut) => Math.min(cut, rows.length)).sort((a, b) => a - b),
            rows.length,
          ];
          const parts = ends.slice(1).map((end, k) => stateFrom(rows.slice(ends[k], end), options, ends[k]));
          if (backwards) parts.reverse();
          const merged = RunningLoss.create(options);
          for (const part of parts)
            RunningLoss.merge(merged, RunningLoss.fromBytes(RunningLoss.toBytes(part)));
          expect(RunningLoss.toBytes(merged)).toEqual(whole);
        },
      ),
      400,
    );
  });

  test("by array, with any weights, rows and range", () => {
    holds(
      fc.property(
        fc.array(anyRow, { maxLength: 70 }),
        anyOptions,
        fc.boolean(),
        fc.nat(3),
        (rows, options, weighted, skip) => {
          const start = Math.min(skip, rows.length);
          const one = stateFrom(
            rows
              .slice(start)
              .map(({ value, weight }) => ({ kind: "loss", value, weight: weighted ? weight : 1 })),
            options,
            1000 + start,
          );
          const values = Float64Array.from(rows, ({ value }) => value);
          const weights = weighted ? { weights: rows.map(({ weight }) => weight) } : {};
          const ways = [{ firstRow: 1000 }, { rows: rows.map((_, i) => 1000 + i) }];
          for (const way of ways) {
            const state = RunningLoss.create(options);
            RunningLoss.addArray(state, values, { ...weights, ...way, start });
            expect(RunningLoss.toBytes(state)).toEqual(RunningLoss.toBytes(one));
          }
        },
      ),
      400,
    );
  });

  test("in any order, rows named or not", () => {
    const anyLoss = fc.tuple(fc.constantFrom(-1, -0, 0, 1, 2, Number.NaN), fc.nat(3));
    holds(
      fc.property(fc.array(anyLoss, { maxLength: 12 }), fc.boolean(), (losses, named) => {
        const bytes = [losses, losses.toReversed()].map((some) => {
          const values = some.map(([value]) => value);
          const state = RunningLoss.create();
          RunningLoss.addArray(state, values, named ? { rows: some.map(([, row]) => row) } : {});
          return RunningLoss.toBytes(state);
        });
        expect(bytes[0]).toEqual(bytes[1]);
      }),
      300,
    );
  });

  test("by repetition", () => {
    holds(
      fc.property(anyRow, fc.nat(9), anyOptions, ({ value, weight }, count, options) => {
        const one = RunningLoss.create(options);
        for (let i = 0; i < count; i++) RunningLoss.add(one, value, weight, 7);
        const state = RunningLoss.create(options);
        RunningLoss.addRepeated(state, value, count, weight, 7);
        expect(RunningLoss.toBytes(state)).toEqual(RunningLoss.toBytes(one));
      }),
    );
  });

  test("by parts", () => {
    const parts = [{ weighted: true }, { weighted: false }];
    holds(
      fc.property(fc.array(fc.tuple(anyRow, anyFinite), { maxLength: 30 }), fc.nat(30), (rows, cut) => {
        const columns = [rows.map(([row]) => row.value), rows.map(([, other]) => other)];
        const weights = rows.map(([row]) => row.weight);
        const whole = RunningLoss.create({ parts });
        RunningLoss.addParts(whole, columns, rows.length, { weights });
        const merged = RunningLoss.create({ parts });
        for (const [from, to] of [
          [cut, rows.length],
          [0, Math.min(cut, rows.length)],
        ] as const) {
          const piece = RunningLoss.create({ parts });
          RunningLoss.addParts(
            piece,
            columns.map((column) => column.slice(from, to)),
            Math.max(0, Math.min(to, rows.length) - from),
            { weights: weights.slice(from, to) },
          );
          RunningLoss.merge(merged, piece);
        }
        expect(RunningLoss.toBytes(merged)).toEqual(RunningLoss.toBytes(whole));
      }),
    );
  });
});

describe("what is read", () => {
  test("accounts for every row, and is the nearest float64 to the exact figure", () => {
    holds(
      fc.property(
        fc.array(anyRow, { maxLength: 40 }),
        fc.constantFrom("ignore", "multiply"),
        (rows, zeroWeight) => {
          const state = stateFrom(rows, { zeroWeight });
          const read = RunningLoss.value(state);
          const losses = rows.filter(
            ({ kind, weight }) => kind === "loss" && (zeroWeight === "multiply" || weight !== 0),
          );
          const finite = losses.filter(({ value }) => Number.isFinite(value));

          expect(read.rows).toBe(rows.length);
          expect(Number(read.count) + Number(read.missing) + Number(read.ignored)).toBe(rows.length);
          expect(read.count).toBe(losses.length);
          expect(read.finite).toBe(finite.length);
          expect([read.nan, read.posInf, read.negInf]).toEqual(
            [Number.NaN, Infinity, -Infinity].map(
              (x) => losses.filter(({ value }) => Object.is(value, x)).length,
            ),
          );

          const exact = (f: (row: Row) => Rational): Rational => sumOf(finite.map(f));
          const sum = exact(({ value, weight }) =>
            times(rationalFromNumber(value), rationalFromNumber(weight)),
          );
          const weightSum = exact(({ weight }) => rationalFromNumber(weight));
          const nonZero = finite.filter(({ weight }) => weight !== 0).length;
          const kept = finite.length + Number(read.ignored);
          const divisors = {
            sum: 1,
            mean_by_count: finite.length,
            sum_by_nonzero_weights: nonZero,
            sum_over_batch_size: kept,
          } as const;
          for (const [name, divisor] of Object.entries(divisors)) {
            const figure = RunningLoss.reduce(state, name as keyof typeof divisors);
            if (divisor === 0) expect(figure).toBeNull();
            else expect(isNearest(figure!, sum, rationalFromNumber(divisor))).toBe(true);
          }
          expect(isNearest(read.weightSum, weightSum, rationalFromNumber(1))).toBe(true);
          if (weightSum.integer === 0n) expect(read.mean).toBeNull();
          else expect(isNearest(read.mean!, sum, weightSum)).toBe(true);

          const values = finite.map(({ value }) => value);
          if (values.length === 0)
            expect([read.min, read.minRow, read.max, read.maxRow]).toEqual([null, null, null, null]);
          else {
            const min = Math.min(...values);
            const max = Math.max(...values);
            const firstOf = (x: number): number =>
              rows.findIndex((row) => losses.includes(row) && row.value === x);
            expect(read.min === min && read.max === max).toBe(true);
            expect([read.minRow, read.maxRow]).toEqual([firstOf(min), firstOf(max)]);
          }
        },
      ),
      500,
    );
  });

  test("variance and standard error, against their definition", () => {
    const state = RunningLoss.create();
    RunningLoss.addArray(state, [2, 4, 4, 4, 5, 5, 7, 9]);
    expect(RunningLoss.spread(state)).toEqual({
      variance: 4,
      deviation: 2,
      standardError: Math.sqrt(4 / 7),
      effectiveRows: 8,
    });
    // 1e9 + 0, 1, 2: where E[x^2] - E[x]^2 in doubles would be 0 or negative.
    const far = RunningLoss.create();
    RunningLoss.addArray(far, [1e9, 1e9 + 1, 1e9 + 2]);
    expect(RunningLoss.spread(far).variance).toBe(2 / 3);
    // Weights count by their proportions alone.
    const weighted = RunningLoss.create();
    RunningLoss.addArray(weighted, [1, 2, 3], { weights: [0.5, 0.25, 0.25] });
    const { variance, effectiveRows, standardError } = RunningLoss.spread(weighted);
    expect([variance, effectiveRows]).toEqual([0.6875, 1 / 0.375]);
    expect(standardError).toBeCloseTo(Math.sqrt(0.6875 / (1 / 0.375 - 1)), 15);
    expect(RunningLoss.spread(RunningLoss.create())).toEqual({
      variance: null,
      deviation: null,
      standardError: null,
      effectiveRows: null,
    });
    expect(() => RunningLoss.spread(RunningLoss.create({ squares: false }))).toThrow(
      expect.objectContaining({ code: "LF_STATE_SQUARES" }),
    );
  });

  test("counts beyond 2^53, exactly", () => {
    const state = RunningLoss.create();
    RunningLoss.addRepeated(state, 0.1, 10n ** 18n);
    RunningLoss.add(state, 3.5);
    RunningLoss.addMissing(state, 2 ** 53 - 1);
    RunningLoss.addMissing(state, 2);
    const back = RunningLoss.value(RunningLoss.fromBytes(RunningLoss.toBytes(state)));
    expect(back).toMatchObject({ finite: 10n ** 18n + 1n, missing: 2n ** 53n + 1n, mean: 0.1 });
    RunningLoss.addMissing(state, 2n ** 64n);
    expect(() => RunningLoss.toBytes(state)).toThrow(expect.objectContaining({ code: "LF_COUNT" }));
  });

  test("a whole loss, from the sums of its parts", () => {
    const whole = {
      parts: [
        { name: "overlap", weighted: true },
        { name: "total", weighted: false },
      ],
      evaluate: (): void => undefined,
      value: ([overlap, total]: readonly number[], weightSum: number) => ({
        sum: overlap! + total!,
        mean: weightSum === 0 ? Number.NaN : overlap! / total!,
      }),
    };
    const { parts } = whole;
    const state = RunningLoss.create({ parts });
    expect(RunningLoss.value(state, whole).mean).toBeNull();
    RunningLoss.addParts(
      state,
      [
        [1, 2, Number.NaN, 5],
        [4, 4, 1, 9],
      ],
      4,
      { weights: [1, 0.5, 1, 0] },
    );
    expect(RunningLoss.value(state, whole)).toMatchObject({
      finite: 2,
      nan: 1,
      ignored: 1,
      sum: 10,
      mean: 0.25,
      weightSum: 1.5,
      min: null,
      maxRow: null,
    });
    const multiplying = RunningLoss.create({ parts, zeroWeight: "multiply" });
    RunningLoss.addParts(
      multiplying,
      [
        [1, 2],
        [3, 4],
      ],
      2,
      { weights: [0, 2] },
    );
    expect(RunningLoss.value(multiplying, whole)).toMatchObject({ finite: 2, sum: 11, weightSum: 2 });
    expect(multiplying.zeroWeights).toBe(1);
  });
});

describe("what is not finite does what the policy says", () => {
  test.each<[NanPolicy, number[], number | null]>([
    ["count", [1, Number.NaN, 2, Infinity], 1.5],
    ["count", [Number.NaN, Infinity], null],
    ["skip", [1, Number.NaN, 2], 1.5],
    ["skip", [1, Number.NaN, Infinity], Infinity],
    ["skip", [-Infinity, 1], -Infinity],
    ["skip", [Infinity, -Infinity], Number.NaN],
    ["propagate", [1, Number.NaN], Number.NaN],
    ["propagate", [1, Infinity], Infinity],
  ])("%s: the mean of %j is %j", (nan, values, mean) => {
    const state = RunningLoss.create({ nan });
    RunningLoss.addArray(state, values);
    expect(RunningLoss.value(state).mean).toBe(mean);
    expect(RunningLoss.value(state).count).toBe(values.length);
  });

  test("throw refuses with the row and leaves the state as it was", () => {
    const state = RunningLoss.create({ nan: "throw" });
    RunningLoss.addArray(state, [1, 2]);
    const before = RunningLoss.toBytes(state);
    const refused = expect.objectContaining({ code: "LF_NON_FINITE", row: 41 });
    expect(() => RunningLoss.add(state, Infinity, 1, 41)).toThrow(refused);
    expect(() => RunningLoss.addArray(state, [1, Number.NaN], { firstRow: 40 })).toThrow(refused);
    expect(RunningLoss.toBytes(state)).toEqual(before);
  });

  test("a weight of 0 hides it, or not, as asked", () => {
    const ignoring = RunningLoss.create({ nan: "throw" });
    RunningLoss.add(ignoring, Number.NaN, 0);
    expect(RunningLoss.value(ignoring)).toMatchObject({ count: 0, ignored: 1, mean: null });
    const multiplying = RunningLoss.create({ nan: "propagate", zeroWeight: "multiply" });
    RunningLoss.addArray(multiplying, [Infinity, 1], { weights: [0, 1] });
    expect(RunningLoss.value(multiplying)).toMatchObject({ count: 2, posInf: 1, mean: Number.NaN });
  });

  test("weights that are not finite are refused with the row", () => {
    const state = RunningLoss.create();
    const refused = expect.objectContaining({ code: "LF_WEIGHT_OUT_OF_RANGE", row: 6 });
    expect(() => RunningLoss.add(state, 1, Number.NaN, 6)).toThrow(refused);
    expect(() => RunningLoss.addArray(state, [1, 2], { weights: [1, Infinity], firstRow: 5 })).toThrow(
      refused,
    );
    expect(() => RunningLoss.addArray(state, [1, 2], { weights: [1] })).toThrow(
      expect.objectContaining({ code: "LF_LENGTH_MISMATCH" }),
    );
    expect(RunningLoss.toBytes(state)).toEqual(RunningLoss.toBytes(RunningLoss.create()));
  });
});

test("what is no number, from callers without types, counts as NaN and never as an infinity", () => {
  const state = RunningLoss.create();
  for (const value of [undefined, "x", {}]) RunningLoss.add(state, value as never);
  expect(RunningLoss.value(state)).toMatchObject({ nan: 3, posInf: 0, negInf: 0, finite: 0, mean: null });
});

test("counts that are no whole numbers are refused, and nothing is counted", () => {
  const state = RunningLoss.create();
  const refused = expect.objectContaining({ code: "LF_COUNT" });
  for (const count of [-1, 0.5, Number.NaN, 2 ** 53, -1n]) {
    expect(() => RunningLoss.addMissing(state, count)).toThrow(refused);
    expect(() => RunningLoss.addIgnored(state, count)).toThrow(refused);
    expect(() => RunningLoss.addRepeated(state, 1, count)).toThrow(refused);
    expect(() => RunningLoss.merge(state, state, count)).toThrow(refused);
  }
  expect(RunningLoss.toBytes(state)).toEqual(RunningLoss.toBytes(RunningLoss.create()));
});

test("options that a running loss does not have, and misspelt ones, are refused", () => {
  const bad = (sentence: string): unknown =>
    expect.objectContaining({
      code: "LF_BAD_PARAMETER",
      message: expect.stringContaining(sentence) as string,
    });
  const create = RunningLoss.create as (options: object) => RunningLossState;
  expect(() => create({ nann: "skip" })).toThrow(bad("among nan, zeroWeight, parts, squares; got nann."));
  expect(() => create({ nan: "skipp" })).toThrow(
    bad("parameter nan of a running loss must be count or skip"),
  );
  expect(() => create({ zeroWeight: "keep" })).toThrow(
    bad("parameter zero_weight of a running loss must be ignore or multiply"),
  );
  const addArray = RunningLoss.addArray as (
    state: RunningLossState,
    values: number[],
    options: object,
  ) => void;
  const state = RunningLoss.create();
  expect(() => addArray(state, [1, 2], { weight: [1, 2] })).toThrow(bad("among weights, rows"));
  expect(RunningLoss.value(state).rows).toBe(0);
});

test("states of different options do not merge", () => {
  const others: RunningLossOptions[] = [
    { nan: "skip" },
    { zeroWeight: "multiply" },
    { squares: false },
    { parts: [{ weighted: true }], squares: true },
  ];
  for (const options of others) {
    expect(() => RunningLoss.merge(RunningLoss.create(), RunningLoss.create(options))).toThrow(
      expect.objectContaining({ code: "LF_STATE_MISMATCH" }),
    );
  }
});

describe("bytes", () => {
  const sample = RunningLoss.toBytes(
    stateFrom(
      [1.5, Number.NaN, 1e-300, -7e200].map((value) => ({ kind: "loss", value, weight: 0.3 })),
      {},
    ),
  );

  test("cut anywhere or with any byte changed are refused with a code", () => {
    const refused = expect.objectContaining({ code: expect.stringMatching(/^LF_STATE_/) as string });
    for (let i = 0; i < sample.length; i++) {
      expect(() => RunningLoss.fromBytes(sample.subarray(0, i))).toThrow(refused);
      for (const flip of [1, 0x80, 0xff]) {
        const changed = sample.slice();
        changed[i]! ^= flip;
        expect(() => RunningLoss.fromBytes(changed)).toThrow(refused);
      }
    }
  });

  test("of another kind or a later version say so", () => {
    const code = (code: string): unknown => expect.objectContaining({ code });
    expect(() => RunningLoss.fromBytes(new Uint8Array(200))).toThrow(code("LF_STATE_UNKNOWN"));
    const later = sample.slice();
    later[4] = 2;
    expect(() => RunningLoss.fromBytes(later)).toThrow(code("LF_STATE_VERSION"));
  });

  const seal = (bytes: Uint8Array): Uint8Array => {
    let h = 0x811c9dc5;
    for (const byte of bytes.subarray(0, -4)) h = Math.imul(h ^ byte, 0x01000193);
    new DataView(bytes.buffer).setUint32(bytes.length - 4, h, true);
    return bytes;
  };

  test("sealed anew around what cannot be are refused", () => {
    const refused = expect.objectContaining({ code: "LF_STATE_DAMAGED" });
    expect(() => RunningLoss.fromBytes(seal(Uint8Array.of(...sample, 0, 0)))).toThrow(refused);
    for (const [at, x] of [
      [68, Number.NaN],
      [68, 1e300],
      [76, -1],
      [84, Infinity],
    ] as const) {
      const bytes = sample.slice();
      new DataView(bytes.buffer).setFloat64(at, x, true);
      expect(() => RunningLoss.fromBytes(seal(bytes))).toThrow(refused);
    }
  });

  test("sealed anew around any content are read or refused, and then written as they were", () => {
    const change = fc.tuple(fc.integer({ min: 5, max: sample.length - 5 }), fc.nat(255));
    holds(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(12), (changes, cut) => {
        const bytes = sample.slice(0, sample.length - cut);
        for (const [at, byte] of changes) bytes[at] = byte;
        let state: RunningLossState;
        try {
          state = RunningLoss.fromBytes(seal(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^LF_STATE_/) as string });
          return;
        }
        expect(RunningLoss.toBytes(state)).toEqual(bytes);
      }),
      1000,
    );
  });

  test("do not change from release to release", () => {
    expect(Buffer.from(sample).toString("hex")).toMatchInlineSnapshot(
      `"4c46524c010800010000000003000000000000000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000f76dcbc354aa2e90000000000000840000000000000f83f0000000000000000e4000000ddff710000008a9463b40c2ce2e541f4d514c9fcffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffcdcccccccccc8cfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff903db1a84159fe84454dc54be020c000000feff040000646666666666e6bc010000bcffdc00000000032fd9244e102ca316ec2d3c51961920cca471220000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000cbccccccccccac000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000d33bc1c4819447cea47b1f9b182cfca8b9c716190014000000fcff08000000b047e17a14ae471d85eb51b81e45c0991463"`,
    );
  });
});

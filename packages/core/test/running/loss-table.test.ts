import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RunningLoss, type NanPolicy, type RunningLossState } from "@lossflow/core";
import { LossTable } from "@lossflow/core/running";
import { anyFinite, holds } from "../oracle.ts";

const CELLS = 4;
const loss = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 4, noNaN: true }) },
  { weight: 4, arbitrary: anyFinite },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, Number.NaN) },
);
const row = fc.record({
  cell: fc.integer({ min: -1, max: CELLS - 1 }),
  x: loss,
  y: loss,
  weight: fc.oneof(fc.double({ min: 0.1, max: 3, noNaN: true }), fc.constantFrom(1, 2 ** -900, 2 ** 900)),
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;
const policy = fc.constantFrom<NanPolicy>("count", "skip", "propagate");
const PARTS = [{ weighted: true }, { weighted: false }];

interface Options {
  readonly nan: NanPolicy;
  readonly weighted: boolean;
  readonly parts: boolean;
}

function tableOf(rows: readonly Row[], firstRow: number, { nan, weighted, parts }: Options): LossTable {
  const table = new LossTable({ nan, ...(parts ? { parts: PARTS } : {}) });
  const at = Int32Array.from(rows, ({ cell }) => cell);
  const weights = weighted ? Float64Array.from(rows, ({ weight }) => weight) : undefined;
  const x = Float64Array.from(rows, (one) => one.x);
  const y = Float64Array.from(rows, (one) => one.y);
  if (parts) table.addParts(at, [x, y], rows.length, { weights, firstRow });
  else table.addArray(at, x, rows.length, { weights, firstRow });
  return table;
}

function numbersOf(table: LossTable): Float64Array {
  return Float64Array.from(table.toNumbers().flatMap((block) => [...block]));
}

function statesOf(rows: readonly Row[], { nan, weighted, parts }: Options): RunningLossState[] {
  return Array.from({ length: CELLS }, (_, cell) => {
    const state = RunningLoss.create({ nan, squares: false, ...(parts ? { parts: PARTS } : {}) });
    rows.forEach(({ x, y, weight, ...one }, i) => {
      if (one.cell !== cell) return;
      if (parts) RunningLoss.addParts(state, [[x], [y]], 1, weighted ? { weights: [weight] } : {});
      else RunningLoss.add(state, x, weighted ? weight : 1, i);
    });
    return state;
  });
}

const options: fc.Arbitrary<Options> = fc.record({
  nan: policy,
  weighted: fc.boolean(),
  parts: fc.boolean(),
});

test("a cell holds the state that its rows give one by one, however they were parted, merged and written", () => {
  holds(
    fc.property(fc.array(row, { maxLength: 60 }), fc.nat(60), options, (rows, cut, how) => {
      const first = tableOf(rows.slice(0, cut), 0, how);
      const second = tableOf(rows.slice(cut), Math.min(cut, rows.length), how);
      const settings = { nan: how.nan, ...(how.parts ? { parts: PARTS } : {}) };
      const read = LossTable.fromNumbers(numbersOf(first), settings);
      // The cells of the first stand in another order in the second: cell 0 is 3, and so on.
      const turned = new LossTable(settings);
      const backwards = Int32Array.of(3, 2, 1, 0);
      turned.merge(read, backwards);
      second.merge(turned, backwards);
      second.extend(CELLS);
      statesOf(rows, how).forEach((state, cell) => {
        expect(RunningLoss.toBytes(second.stateAt(cell))).toEqual(RunningLoss.toBytes(state));
      });
    }),
    400,
  );
});

test("a cell reads as its state does, to the last bit, for each reduction", () => {
  const reductions = [
    "mean",
    "sum",
    "mean_by_count",
    "sum_by_nonzero_weights",
    "sum_over_batch_size",
  ] as const;
  holds(
    fc.property(
      fc.array(row, { maxLength: 60 }),
      options,
      fc.constantFrom(...reductions),
      (rows, how, reduction) => {
        if (how.parts) return;
        const table = tableOf(rows, 0, how);
        table.extend(CELLS);
        table.addLeftOut(1, "missing", 3);
        table.addLeftOut(2, "ignored", 5);
        table.addLeftOut(1, "missingRows", 2);
        for (let cell = 0; cell < CELLS; cell++) {
          const state = table.stateAt(cell, 7);
          const { reduced, ...found } = table.valueAt(cell, reduction, { elements: 7 });
          expect(found).toEqual(RunningLoss.value(state));
          expect(reduced).toBe(RunningLoss.reduce(state, reduction));
        }
        expect(table.stateAt(1, 7).missing).toBe(17);
      },
    ),
    400,
  );
});

test("a loss that is not finite is refused with its row under the policy throw", () => {
  const table = new LossTable({ nan: "throw" });
  const add = (): void =>
    table.addArray(Int32Array.of(0, 0), Float64Array.of(1, Number.NaN), 2, { firstRow: 5 });
  expect(add).toThrow(expect.objectContaining({ code: "LF_NON_FINITE", row: 6 }));
});

test("numbers that no table would write are refused", () => {
  const table = new LossTable();
  table.addArray(Int32Array.of(0, 1), Float64Array.of(1, 2 ** -300), 2, { firstRow: 0 });
  table.addArray(Int32Array.of(1), Float64Array.of(2 ** 1000), 1, { weights: [2 ** 200], firstRow: 2 });
  table.addLeftOut(0, "missing", 1);
  const numbers = numbersOf(table);
  const refused = expect.objectContaining({ code: expect.stringMatching(/^LF_STATE_/) as string });
  expect(() => LossTable.fromNumbers(numbers)).not.toThrow();
  for (let end = 0; end < numbers.length; end++) {
    expect(() => LossTable.fromNumbers(numbers.slice(0, end))).toThrow(refused);
  }
  expect(() => LossTable.fromNumbers(Float64Array.of(...numbers, 0))).toThrow(refused);
  for (let at = 0; at < numbers.length; at++) {
    expect(() => LossTable.fromNumbers(numbers.map((x, i) => (i === at ? Number.NaN : x)))).toThrow(refused);
  }
  expect(() => LossTable.fromNumbers(numbers, { parts: PARTS })).toThrow(refused);
});

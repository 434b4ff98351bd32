import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { ExactSum, RunningLoss, type NanPolicy, type RunningLossOptions } from "@lossflow/core";
import { LastRows, StepWindows, type LossWindow } from "@lossflow/core/running";
import { anyFinite, holds } from "../oracle.ts";

const anyLoss = fc.oneof(
  { weight: 6, arbitrary: anyFinite },
  { weight: 3, arbitrary: fc.constantFrom(0, -0, 1, 2) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity) },
);
const anyRow = fc.record({ loss: anyLoss, weight: fc.constantFrom(1, 1, 0.5, 0, -2), at: fc.nat(60) });
const anyOptions: fc.Arbitrary<RunningLossOptions> = fc.record({
  nan: fc.constantFrom<NanPolicy>("count", "skip", "propagate"),
  zeroWeight: fc.constantFrom("ignore", "multiply"),
});

describe("the last rows", () => {
  test("give what a running loss of these rows gives, after every row", () => {
    const rows = fc.array(fc.tuple(anyRow, fc.nat(9)), { maxLength: 50 });
    holds(
      fc.property(rows, fc.integer({ min: 1, max: 12 }), anyOptions, (rows, size, options) => {
        const last = new LastRows(size, options);
        rows.forEach(([{ loss, weight }, missing], row) => {
          last.add(missing === 0 ? null : loss, weight, row);
          const state = RunningLoss.create(options);
          const first = Math.max(0, row + 1 - size);
          rows.slice(first, row + 1).forEach(([{ loss, weight }, missing], i) => {
            if (missing === 0) RunningLoss.addMissing(state, 1);
            else RunningLoss.add(state, loss, weight, first + i);
          });
          expect(last.value()).toEqual(RunningLoss.value(state));
        });
      }),
      200,
    );
  });

  test("of equal extremes name the first row that there is, in whatever order the rows came", () => {
    const named = fc.record({ loss: fc.constantFrom(-1, 0, -0, 1), row: fc.option(fc.nat(4)) });
    holds(
      fc.property(fc.array(named, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (rows, size) => {
        const last = new LastRows(size);
        rows.forEach(({ loss, row }, i) => {
          last.add(loss, 1, row ?? undefined);
          const state = RunningLoss.create();
          for (const one of rows.slice(Math.max(0, i + 1 - size), i + 1))
            RunningLoss.add(state, one.loss, 1, one.row ?? undefined);
          expect(last.value()).toEqual(RunningLoss.value(state));
        });
      }),
    );
  });

  test("leave the window as it was where a row is refused", () => {
    const last = new LastRows(2, { nan: "throw" });
    last.add(1);
    last.add(2);
    const before = last.value();
    expect(() => last.add(Number.NaN, 1, 7)).toThrow(
      expect.objectContaining({ code: "LF_NON_FINITE", row: 7 }),
    );
    expect(() => last.add(1, Number.NaN)).toThrow(
      expect.objectContaining({ code: "LF_WEIGHT_OUT_OF_RANGE" }),
    );
    expect(last.value()).toEqual(before);
    last.add(Number.NaN, 0);
    expect(last.value()).toMatchObject({ finite: 1, ignored: 1, mean: 2 });
  });

  test("take what is no number for NaN, as a running loss does, and null alone for missing", () => {
    const last = new LastRows(9, null);
    const state = RunningLoss.create();
    for (const loss of [2, undefined, "5", 3n, {}] as number[]) {
      last.add(loss);
      RunningLoss.add(state, loss);
    }
    expect(last.value()).toEqual(RunningLoss.value(state));
    expect(last.value()).toMatchObject({ nan: 4, mean: 2, max: 2 });
  });

  test("of no size, or too many, are refused", () => {
    for (const size of [0, 1.5, Number.NaN, 2 ** 25]) {
      expect(() => new LastRows(size)).toThrow(expect.objectContaining({ code: "LF_BAD_PARAMETER" }));
    }
  });
});

describe("windows of positions", () => {
  test("hold the positions that they say, whatever the steps are rounded to", () => {
    const step = fc.constantFrom(0.1, 0.3, 1 / 3, 0.7, 1e-3, 1e6 + 0.1);
    holds(
      fc.property(
        step,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: -50, max: 5000 }),
        (every, width, k) => {
          const at = k * every;
          for (const position of [at, at * (1 + 2 ** -52), at * (1 - 2 ** -52), k / (1 / every)]) {
            const windows = new StepWindows(width === 3 && every === 0.1 ? 0.3 : every * width, every);
            windows.add(position, 1);
            const taken = windows.take(Infinity);
            expect(taken).toHaveLength(width);
            for (const { from, to } of taken) expect(from <= position && position < to).toBe(true);
          }
        },
      ),
    );
  });

  test("hold exactly their own rows, tumbling or sliding, in whatever order these came", () => {
    holds(
      fc.property(
        fc.array(anyRow, { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        anyOptions,
        (rows, every, panes, options) => {
          const size = every * panes;
          const windows = new StepWindows(size, every, options);
          rows.forEach(({ loss, weight, at }, row) => windows.add(at - 20, loss, weight, row));
          const taken = windows.take(Infinity);
          const starts = new Set<number>();
          for (const { at } of rows) {
            for (let k = Math.floor((at - 20 - size) / every) + 1; k * every <= at - 20; k++)
              starts.add(k * every);
          }
          expect(taken.map(({ from, to }) => [from, to])).toEqual(
            [...starts].sort((a, b) => a - b).map((from) => [from, from + size]),
          );
          for (const { from, to, state } of taken) {
            const expected = RunningLoss.create(options);
            rows.forEach(({ loss, weight, at }, row) => {
              if (at - 20 >= from && at - 20 < to) RunningLoss.add(expected, loss, weight, row);
            });
            expect(RunningLoss.toBytes(state)).toEqual(RunningLoss.toBytes(expected));
          }
        },
      ),
      200,
    );
  });

  test("hold exactly their own rows where most panes are empty, and some are taken before others come", () => {
    const rows = fc.array(fc.tuple(anyRow, fc.nat(400), fc.boolean()), { maxLength: 30 });
    holds(
      fc.property(rows, fc.integer({ min: 1, max: 80 }), fc.constantFrom(0.1, 1, 3), (rows, width, every) => {
        const windows = new StepWindows(width * every, every);
        const kept: (readonly [at: number, loss: number, weight: number])[] = [];
        const taken: LossWindow[] = [];
        for (const [{ loss, weight }, at, takes] of rows) {
          if (windows.add((at + 0.5) * every, loss, weight)) kept.push([at, loss, weight]);
          if (takes) taken.push(...windows.take((at - 40) * every));
        }
        taken.push(...windows.take(Infinity));
        const starts = new Set(kept.flatMap(([at]) => Array.from({ length: width }, (_, k) => at - k)));
        expect(taken.map(({ from }) => Math.round(from / every))).toEqual([...starts].sort((a, b) => a - b));
        for (const { from, state } of taken) {
          const start = Math.round(from / every);
          const expected = RunningLoss.create();
          for (const [at, loss, weight] of kept)
            if (at >= start && at < start + width) RunningLoss.add(expected, loss, weight);
          expect(RunningLoss.toBytes(state)).toEqual(RunningLoss.toBytes(expected));
        }
      }),
      60,
    );
  });

  test("are formed by a few mergers each, however many panes they have, empty ones or full", () => {
    const merge = vi.spyOn(ExactSum.prototype, "merge");
    const get = vi.spyOn(Map.prototype, "get");
    const workOf = (panes: number, width: number): number => {
      const windows = new StepWindows(width, 1, { squares: false });
      for (let pane = 0; pane < panes; pane++) windows.add(pane, 1);
      merge.mockClear();
      get.mockClear();
      expect(windows.take(Infinity)).toHaveLength(panes + width - 1);
      return (merge.mock.calls.length + get.mock.calls.length) / (panes + width - 1);
    };
    try {
      // A running loss without squares has two sums.
      expect(workOf(1, 1000)).toBeLessThanOrEqual(2 * 2);
      expect(workOf(500, 100)).toBeLessThanOrEqual(5 * 2);
      expect(workOf(500, 1)).toBe(0);
    } finally {
      merge.mockRestore();
      get.mockRestore();
    }
  });

  test("are taken once each, when they have ended, and no row gets into one that has been taken", () => {
    const windows = new StepWindows(4, 2);
    for (const at of [0, 1, 2, 3, 4, 5]) expect(windows.add(at, at)).toBe(true);
    expect(windows.take(4).map(({ from, state }) => [from, RunningLoss.value(state).sum])).toEqual([
      [-2, 1],
      [0, 6],
    ]);
    expect(windows.take(4)).toEqual([]);
    expect(windows.add(3, 100)).toBe(false);
    expect(windows.add(4, 100)).toBe(true);
    expect(windows.take(7).map(({ from, state }) => [from, RunningLoss.value(state).sum])).toEqual([
      [2, 114],
    ]);
    expect(windows.take(Infinity).map(({ from, state }) => [from, RunningLoss.value(state).sum])).toEqual([
      [4, 109],
    ]);
    expect(windows.add(1e9, 1)).toBe(false);
  });

  test("are not made by a row that is refused, nor lost to a position that is no number", () => {
    const windows = new StepWindows(10);
    expect(() => windows.add(5, 1, Number.NaN)).toThrow(
      expect.objectContaining({ code: "LF_WEIGHT_OUT_OF_RANGE" }),
    );
    expect(windows.take(10)).toEqual([]);
    windows.add(15, 1);
    for (const position of [Number.NaN, undefined, "20"] as number[])
      expect(() => windows.take(position)).toThrow(expect.objectContaining({ code: "LF_POSITION" }));
    expect(windows.take(Infinity).map(({ from }) => from)).toEqual([10]);
  });

  test("that make no sense are refused, and options that a running loss does not have, when they are made", () => {
    for (const [size, every] of [
      [10n, undefined],
      [10, 10n],
      ["3", undefined],
      ["3", 1],
      [[1], undefined],
      [3, [1]],
      [null, undefined],
      [3, null],
      [Symbol("3"), undefined],
      [2 ** 20 + 1, 1],
      [1e300, 1],
      [0, 0],
      [3, 2],
      [1, 2],
      [Infinity, 1],
      [4, -2],
    ] as const) {
      expect(() => new StepWindows(size as number, every as number)).toThrow(
        expect.objectContaining({ code: "LF_BAD_PARAMETER" }),
      );
    }
    for (const options of [{ nan: "thow" }, { Nan: "throw" }, 3]) {
      expect(() => new StepWindows(3, 1, options as RunningLossOptions)).toThrow(
        expect.objectContaining({ code: "LF_BAD_PARAMETER" }),
      );
    }
  });

  test("take no position whose window float64 cannot count: taking them would not end", () => {
    for (const [every, position] of [
      [1, Number.NaN],
      [1, -Infinity],
      [2 ** 1000, Infinity],
      [1, 1e17],
      [3, -1e17],
      [1e-3, 1e14],
    ] as const) {
      expect(() => new StepWindows(every * 3, every).add(position, 1)).toThrow(
        expect.objectContaining({ code: "LF_POSITION" }),
      );
    }
    for (const sign of [1, -1]) {
      const windows = new StepWindows(2, 1);
      windows.add(sign * 2 ** 52, 1);
      const froms = windows.take(Infinity).map(({ from }) => from);
      expect(froms).toEqual([sign * 2 ** 52 - 1, sign * 2 ** 52]);
    }
  });
});

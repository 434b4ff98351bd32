import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RunningLoss } from "@lossflow/core";
import { anyFinite, holds } from "../oracle.ts";
import { anyOptions, anyRow, stateFrom } from "./any-row.ts";

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

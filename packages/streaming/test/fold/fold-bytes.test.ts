import { RunningLoss } from "@lossflow/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { columnsFromRecordBatch } from "../../src/arrow/columns-from-record-batch.ts";
import { bytesFromFold, foldFromBytes } from "../../src/fold/fold-bytes.ts";
import { foldSegment } from "../../src/fold/fold-segment.ts";
import { createFold, mergeFold, type FoldState } from "../../src/fold/fold-state.ts";
import { compilePlan } from "../../src/fold/plan.ts";
import { batchFromRows, seededRows } from "../rows.ts";
import { SEED } from "../seeded-random.ts";

const NAMES = batchFromRows(seededRows(1, 1)).schema.fields.map(({ name }) => name);
const at = (name: string): number => NAMES.indexOf(name);
const plan = compilePlan(
  {
    losses: [{ loss: "mse" }, { loss: "mae" }],
    engine: "js",
    nan: "skip",
    columns: NAMES,
    target: [at("hit")],
    prediction: [at("logit")],
    weight: at("w"),
    variance: null,
    by: [at("group"), at("fold")],
    window: { kind: "rows", width: 13 },
    top: 3,
    classes: null,
    show: [at("group"), at("scores")],
    quantiles: true,
    roles: [],
  },
  null,
);

function foldOf(count: number, seed: number, firstRow: number): FoldState {
  const fold = createFold(plan);
  const batch = batchFromRows(seededRows(count, seed));
  const columns = columnsFromRecordBatch(
    batch,
    NAMES.map((_, i) => i),
  );
  foldSegment(plan, fold, columns, count, { source: "rows", firstRow });
  return fold;
}

/** All that a state holds, in a form that does not depend on the order in which its rows came. */
function pictureOf({ groups, windows, losses }: FoldState): unknown {
  return losses.map((loss) => ({
    size: [loss.size, loss.sizeRow, loss.total.nullRows],
    total: RunningLoss.toBytes(loss.total.state).join(),
    top: loss.top,
    sketches: Object.values(loss.sketches!).map((table) => {
      const sketchOf = table.reader();
      const cells = Array.from({ length: Math.max(1, groups!.length, windows!.length) }, (_, cell) => cell);
      return cells.map((cell) => Object.values(sketchOf([cell])).join(" ")).sort();
    }),
    groups: Array.from({ length: groups!.length }, (_, id) => {
      loss.groups.extend(groups!.length);
      return `${JSON.stringify(groups!.keysAt(id))} ${RunningLoss.toBytes(loss.groups.stateAt(id, 2)).join()}`;
    }).sort(),
    windows: Array.from({ length: windows!.length }, (_, id) => {
      loss.windows.extend(windows!.length);
      return `${JSON.stringify(windows!.cellAt(id))} ${RunningLoss.toBytes(loss.windows.stateAt(id, 2)).join()}`;
    }).sort(),
  }));
}

test("a state that was written and read merges as the state itself, and goes on growing", () => {
  const count = fc.integer({ min: 1, max: 80 });
  fc.assert(
    fc.property(count, count, fc.integer(), (first, second, seed) => {
      const states = [foldOf(first, seed, 0), foldOf(second, seed + 1, first)] as const;
      const direct = createFold(plan);
      for (const state of states) mergeFold(direct, state, plan);
      const [left, right] = states.map((state) => foldFromBytes(bytesFromFold(state, plan.tableRoom), plan));
      mergeFold(left!, right!, plan);
      expect(pictureOf(left!)).toEqual(pictureOf(direct));
      const other = createFold(plan);
      for (const state of states.toReversed()) mergeFold(other, state, plan);
      expect(pictureOf(other)).toEqual(pictureOf(direct));
    }),
    { seed: SEED, numRuns: 20 },
  );
});

test("bytes that are cut, lengthened or of another job are refused with a code", () => {
  const bytes = bytesFromFold(foldOf(40, SEED, 0), plan.tableRoom);
  const refused = expect.objectContaining({ code: expect.stringMatching(/^LF_STATE_/) as string });
  for (let end = 0; end < bytes.length; end += 1 + (end >> 5)) {
    expect(() => foldFromBytes(bytes.slice(0, end), plan)).toThrow(refused);
  }
  expect(() => foldFromBytes(Uint8Array.of(...bytes, 0), plan)).toThrow(refused);
  expect(() => foldFromBytes(bytes, { ...plan, by: [1] })).toThrow(refused);
});

test("a state of the version before is refused", () => {
  const bytes = bytesFromFold(foldOf(5, SEED, 0), plan.tableRoom);
  expect(bytes[4]).toBe(6);
  bytes[4] = 5;
  expect(() => foldFromBytes(bytes, plan)).toThrow(expect.objectContaining({ code: "LF_STATE_VERSION" }));
});

test("bytes with any one damaged are refused with a code, or are another state: nothing else is thrown", () => {
  const bytes = bytesFromFold(foldOf(20, SEED, 0), plan.tableRoom);
  let refused = 0;
  for (let i = 0; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i]! ^= 0x41;
    try {
      mergeFold(createFold(plan), foldFromBytes(damaged, plan), plan);
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^LF_/) as string });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(bytes.length / 4);
});

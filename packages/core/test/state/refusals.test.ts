import { expect, test } from "vitest";
import { lossFromSpec, RunningLoss, type RunningLossOptions, type RunningLossState } from "@lossflow/core";
import { LastRows, LossTable, QuantileSketch } from "@lossflow/core/running";

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

test("what stands for no bytes or no options, from callers without types, is refused or taken as none", () => {
  const refused = (code: string): unknown => expect.objectContaining({ code });
  const givenAway = RunningLoss.toBytes(RunningLoss.create());
  structuredClone(givenAway.buffer, { transfer: [givenAway.buffer] });
  const nothings: unknown[] = [
    null,
    undefined,
    "LFRL",
    [76, 70],
    new ArrayBuffer(8),
    new Float64Array(40),
    givenAway,
  ];
  for (const nothing of nothings) {
    expect(() => RunningLoss.fromBytes(nothing as Uint8Array)).toThrow(refused("LF_STATE_UNKNOWN"));
    expect(() => QuantileSketch.fromBytes(nothing as Uint8Array)).toThrow(refused("LF_STATE_UNKNOWN"));
    expect(() => LossTable.fromNumbers(nothing as Float64Array)).toThrow(refused("LF_STATE_VERSION"));
  }
  const state = RunningLoss.create(null);
  RunningLoss.addArray(state, [1], null);
  expect(RunningLoss.value(state).finite).toBe(1);
  expect(() => lossFromSpec({ loss: 5 as unknown as string })).toThrow(refused("LF_UNKNOWN_LOSS"));
});

test("rows that bytes could not be read back with are refused, and nothing is added", () => {
  const refused = expect.objectContaining({ code: "LF_BAD_PARAMETER" });
  for (const row of [Number.NaN, -1, "3" as unknown as number, 3n as unknown as number]) {
    const state = RunningLoss.create();
    expect(() => RunningLoss.add(state, 1, 1, row)).toThrow(refused);
    expect(() => RunningLoss.addArray(state, [1, 2], { firstRow: row })).toThrow(refused);
    expect(() => RunningLoss.addArray(state, [1, 2], { rows: [0, row] })).toThrow(refused);
    expect(() => new LastRows(1).add(1, 1, row)).toThrow(refused);
    expect(RunningLoss.toBytes(state)).toEqual(RunningLoss.toBytes(RunningLoss.create()));
  }
});

test("states of different options do not merge", () => {
  const others: RunningLossOptions[] = [
    { nan: "skip" },
    { zeroWeight: "multiply" },
    { squares: false },
    { parts: [{ weighted: true }], squares: true },
  ];
  expect(() => RunningLoss.merge(RunningLoss.create(), RunningLoss.create({ squares: false }))).toThrow(
    "must be count,ignore,squares; got count,ignore,.",
  );
  for (const options of others) {
    expect(() => RunningLoss.merge(RunningLoss.create(), RunningLoss.create(options))).toThrow(
      expect.objectContaining({ code: "LF_STATE_MISMATCH" }),
    );
  }
});

test("a row without parts is refused where parts are kept: the mean would divide by it", () => {
  const state = RunningLoss.create({ parts: [{ weighted: true }] });
  const before = RunningLoss.toBytes(state);
  const refused = expect.objectContaining({ code: "LF_LENGTH_MISMATCH" });
  expect(() => RunningLoss.add(state, 1)).toThrow(refused);
  expect(() => RunningLoss.addArray(state, [1, 2])).toThrow(refused);
  expect(() => RunningLoss.addRepeated(state, 1, 5)).toThrow(refused);
  expect(RunningLoss.toBytes(state)).toEqual(before);
});

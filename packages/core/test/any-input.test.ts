import { expect, test } from "vitest";
import * as core from "@lossflow/core";
import * as plain from "@lossflow/core/plain";

type Call = (...given: readonly unknown[]) => unknown;

const { ExactSum, LOSSES, RunningLoss, isLossflowError, lossFromSpec } = core;

/** What callers without types may give. */
const NUMBERS = [undefined, null, true, Number.NaN, -1, 0.5, 3, 2 ** 53, "text", ""];
const LISTS = [[], [1], [null], [[1], [2, 3]], ["a"], [{}], Float64Array.of(0.5), new ArrayBuffer(8)];
const OBJECTS = [
  {},
  new Map(),
  { length: 2 },
  { length: -1 },
  { length: "x" },
  { parts: 5 },
  { weights: null },
];

/** What has no number, or no text. */
const BARE: unknown = Object.create(null);
const ENDLESS: unknown[] = [];
ENDLESS.push(ENDLESS);
const ODD = [10n, [1n], BigInt64Array.of(1n), Symbol("s"), [Symbol("s")], BARE, [BARE], ENDLESS];
const THINGS: readonly unknown[] = [...NUMBERS, ...LISTS, ...OBJECTS, { parts: [null] }, ...ODD];

/** Gives each thing to a function: a result, or a refusal in one sentence, is all that may come. */
function expectCoded(name: string, call: Call): void {
  for (const [k, thing] of THINGS.entries()) {
    try {
      call(thing);
    } catch (error) {
      const { message } = error as Error;
      expect.soft(isLossflowError(error), `${name} of thing ${k}: ${message}`).toBe(true);
      expect.soft(message).toMatch(/^\w[^\n]*[.?]$/);
    }
  }
}

test.each([...new Set(LOSSES.map(({ factory }) => factory))])(
  "%s refuses in words, or takes what it is given",
  (name) => {
    expectCoded(name, (core as unknown as Record<string, Call>)[name]!);
  },
);

test.each(Object.keys(plain))("%s alone too", (name) => {
  expectCoded(name, (plain as unknown as Record<string, Call>)[name]!);
});

test.each(LOSSES)("$id: parameters, inputs and options of a batch", ({ id, target, parameters }) => {
  expectCoded("spec", (params) => lossFromSpec({ loss: id, params } as core.LossSpec));
  for (const { name } of parameters)
    expectCoded(name, (thing) => lossFromSpec({ loss: id, params: { [name]: thing } }));
  const loss = lossFromSpec({ loss: id, params: { reduction: "none" } }) as unknown as Record<string, Call>;
  const x = [
    [0.5, 0.5],
    [0.25, 0.75],
  ];
  const t = target === "label" ? [0, 1] : x.map(() => [1, 0]);
  const own = id === "gaussian_nll" ? { variance: [1, 1, 1, 1] } : {};
  for (const name of ["value", "gradient"]) {
    const run = loss[name]!;
    expectCoded(`${name}, prediction`, (thing) => run(thing, t, own));
    expectCoded(`${name}, target`, (thing) => run(x, thing, own));
    expectCoded(`${name}, options`, (thing) => run(x, t, thing));
    for (const option of ["shape", "classAxis", "weight", "sampleWeight", "mask", "variance", "out"])
      expectCoded(`${name}, ${option}`, (thing) => run(x, t, { ...own, [option]: thing }));
    expectCoded(`${name}, an axis`, (thing) => run(x, t, { ...own, shape: [2, thing] }));
  }
});

test("specs, exact sums and running losses", () => {
  const state = (): core.RunningLossState => {
    const one = RunningLoss.create();
    RunningLoss.add(one, 1);
    return one;
  };
  const running = RunningLoss as unknown as Record<string, Call>;
  const exact = (name: string, ...given: readonly unknown[]): unknown =>
    (new ExactSum() as unknown as Record<string, Call>)[name]!(...given);
  const calls: Readonly<Record<string, Call>> = {
    lossFromSpec: (thing) => lossFromSpec(thing as core.LossSpec),
    add: (thing) => exact("add", thing),
    addArray: (thing) => exact("addArray", thing),
    "addArray, one": (thing) => exact("addArray", [1, thing]),
    addBigints: () => exact("addArray", new BigInt64Array(100)),
    addProduct: (thing) => exact("addProduct", thing, 2),
    addProducts: (thing) => exact("addProducts", thing, [1, 1]),
    "addProducts, factors": (thing) => exact("addProducts", [1], thing),
    "addProducts, one": (thing) => exact("addProducts", [thing], [1]),
    merge: (thing) => exact("merge", thing),
    quotient: (thing) => exact("quotient", thing),
    bytesFromSum: (thing) => core.bytesFromSum(thing as core.ExactSum),
    sumFromBytes: (thing) => core.sumFromBytes(thing as Uint8Array),
    addRepeated: (thing) => exact("addRepeated", 1, thing),
    "running create": (thing) => running["create"]!(thing),
    "running parts": (thing) => running["create"]!({ parts: thing }),
    "running add": (thing) => running["add"]!(state(), thing),
    "running weight": (thing) => running["add"]!(state(), 1, thing),
    "running addArray": (thing) => running["addArray"]!(state(), thing),
    "running numbers": (thing) => running["addArray"]!(state(), [1, thing]),
    "running addParts": (thing) => running["addParts"]!(state(), thing, 1),
    "running rows": (thing) => running["addParts"]!(state(), [], thing),
    "running reduce": (thing) => running["reduce"]!(state(), thing),
    "running merge": (thing) => running["merge"]!(state(), thing),
    "running fromBytes": (thing) => running["fromBytes"]!(thing),
  };
  for (const [name, call] of Object.entries(calls)) expectCoded(name, call);
  expectCoded("loss", (thing) => lossFromSpec({ loss: thing } as core.LossSpec));
  expectCoded("preset", (thing) => lossFromSpec({ loss: "mse", preset: thing } as core.LossSpec));
  for (const option of ["weights", "start", "end"])
    expectCoded(option, (thing) => running["addArray"]!(state(), [1, 2], { [option]: thing }));
  for (const name of [
    "add",
    "addArray",
    "addParts",
    "addMissing",
    "merge",
    "value",
    "reduce",
    "spread",
    "toBytes",
  ])
    expectCoded(`state of ${name}`, (thing) => running[name]!(thing, [], 1));
});

test("a part outside of its values is refused, not counted as NaN", () => {
  const state = RunningLoss.create();
  for (const part of [{ end: 3 }, { start: -1 }, { start: 2, end: 1 }, { start: 0.5 }])
    expect(() => RunningLoss.addArray(state, [1, 2], part)).toThrow("within 0 and 2");
  RunningLoss.addArray(state, [1, 2], { start: 1, end: 2 });
  expect(RunningLoss.value(state)).toMatchObject({ rows: 1, sum: 2 });
});

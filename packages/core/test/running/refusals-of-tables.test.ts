import { expect, test } from "vitest";
import { RunningLoss } from "@lossflow/core";
import { LossTable, SumTable, type AddToTableOptions, type LossTableOptions } from "@lossflow/core/running";

const at = Int32Array.of(1, -1, 0);
const values = Float64Array.of(1, 2, 3);
const PARTS = [{ weighted: true }, { weighted: false }];

function refused(code: string, sentence: string, row?: number): unknown {
  const place = row === undefined ? {} : { row };
  return expect.objectContaining({ code, message: expect.stringContaining(sentence) as string, ...place });
}

function sampleOf(options?: LossTableOptions): LossTable {
  const table = new LossTable(options);
  table.addArray(at, values, 3, { firstRow: 0 });
  table.addLeftOut(0, "missing", 2);
  return table;
}

/** Expects that what is refused leaves all as it was. */
function expectRefusal(table: LossTable, add: () => void, error: unknown): void {
  const before = table.toNumbers();
  expect(add).toThrow(error);
  expect(table.toNumbers()).toEqual(before);
}

test("options that a table does not have, and misspelt ones, are refused", () => {
  const make = (options: object | null): LossTable => new LossTable(options);
  for (const [options, sentence] of [
    [
      { nan: "thow" },
      'parameter nan of a table of running losses must be count or skip or propagate or throw; got "thow"',
    ],
    [{ nan: null }, "parameter nan"],
    [{ Nan: "throw" }, "among nan, parts, squares; got Nan"],
    [{ squares: true }, "parameter squares"],
    [{ zeroWeight: "multiply" }, "got zeroWeight"],
    [{ parts: 3 }, "parameter parts"],
    ["throw", "got throw"],
  ] as const) {
    expect(() => make(options as object)).toThrow(refused("LF_BAD_PARAMETER", sentence));
    expect(() => LossTable.fromNumbers(new Float64Array(0), options as object)).toThrow(
      refused("LF_BAD_PARAMETER", sentence),
    );
  }
  const many = { parts: Array.from({ length: 33 }, () => ({ weighted: true })) };
  expect(() => make(many)).toThrow(refused("LF_STATE_PARTS", "at most 32"));
  const none = make(null);
  none.addArray(at, values, 3, null);
  expect(none.valueAt(0, "mean", null).mean).toBe(3);
});

test("what is added is looked through first, and a refusal adds nothing", () => {
  for (const parts of [false, true]) {
    const table = parts ? new LossTable({ parts: PARTS }) : sampleOf();
    const add = (cells: unknown, column: unknown, count: unknown, options?: object): void => {
      const [own, losses, rows] = [cells as Int32Array, column as Float64Array, count as number];
      if (parts) table.addParts(own, [losses, losses], rows, options);
      else table.addArray(own, losses, rows, options);
    };
    const cases: [() => void, unknown][] = [
      [() => add(at, values, 3, { weight: [3] }), refused("LF_BAD_PARAMETER", "got weight")],
      [
        () => add(at, values, 3, { weights: [1, 1] }),
        refused("LF_LENGTH_MISMATCH", "number of weights must be at least 3; got 2"),
      ],
      [() => add(at, values, 3, { rows: [1, 1] }), refused("LF_LENGTH_MISMATCH", "number of rows")],
      [() => add(at, values, 4), refused("LF_LENGTH_MISMATCH", "number of cells must be at least 4; got 3")],
      [() => add(Int32Array.of(0, 0, 0, 0), values, 4), refused("LF_LENGTH_MISMATCH", "number of losses")],
      [() => add(at, values, Infinity), refused("LF_COUNT", "must be a whole number from 0; got Infinity")],
      [() => add(at, values, -1), refused("LF_COUNT", "got -1")],
      [() => add(at, values, 3n), refused("LF_COUNT", "got 3")],
      [() => add([1, -1, 0], values, 3), refused("LF_BAD_PARAMETER", "must be an Int32Array")],
      [() => add(null, values, 3), refused("LF_BAD_PARAMETER", "must be an Int32Array")],
      [() => add(at, [1, 2, 3], 3), refused("LF_NOT_A_NUMBER", "must be a Float64Array")],
      [() => add(at, null, 3), refused("LF_NOT_A_NUMBER", "must be a Float64Array")],
      [
        () => add(at, values, 3, { firstRow: -1 }),
        refused("LF_BAD_PARAMETER", "row must be a number from 0"),
      ],
      [
        () => add(at, values, 3, { firstRow: "1" }),
        refused("LF_BAD_PARAMETER", "row must be a number from 0"),
      ],
      [
        () => add(Int32Array.of(0, 2 ** 31 - 1), values, 2),
        refused("LF_COUNT", "a whole number from 0 to 2^28"),
      ],
    ];
    for (const weight of [Number.NaN, Infinity, -Infinity, 0, -0, "2" as unknown as number]) {
      const error = refused("LF_WEIGHT_OUT_OF_RANGE", `weight in row 9 must be finite and not 0`, 9);
      cases.push([() => add(at, values, 3, { weights: [1, 1, weight], firstRow: 7 }), error]);
      cases.push([() => add(at, values, 3, { weights: [1, 1, weight], rows: [4, 5, 9] }), error]);
    }
    for (const [added, error] of cases) expectRefusal(table, added, error);
    // What is left out is not looked at, as before.
    add(at, values, 3, { weights: [1, Number.NaN, 2] });
    expect(table.stateAt(1).finite).toBe(parts ? 1 : 2);
    expect(table.length).toBe(2);
  }
  const table = new LossTable({ parts: PARTS });
  for (const parts of [[values], [values, values, values]])
    expect(() => table.addParts(at, parts, 3)).toThrow(refused("LF_LENGTH_MISMATCH", "number of parts"));
  expect(() => table.addParts(at, null as unknown as [], 3)).toThrow(refused("LF_NOT_A_NUMBER", "parts"));
  expect(table.length).toBe(0);
});

test("a table takes no more cells than it can have", () => {
  const table = sampleOf();
  for (const length of [-1, 0.5, Number.NaN, 2 ** 28 + 1, 2 ** 31, "3" as unknown as number])
    expectRefusal(table, () => table.extend(length), refused("LF_COUNT", "number of cells of a table"));
  table.extend(1);
  expect(table.length).toBe(2);
});

test("rows are left out of one kind or another, in whole numbers", () => {
  const table = sampleOf();
  const addLeftOut = (cell: unknown, kind: unknown, count: unknown) => (): void =>
    table.addLeftOut(cell as number, kind as "missing", count as number);
  for (const kind of ["mising", "toString", undefined, null, Symbol("missing")])
    expectRefusal(
      table,
      addLeftOut(0, kind, 2),
      refused("LF_BAD_PARAMETER", "missing, ignored or missingRows"),
    );
  for (const count of [-1, 0.5, Number.NaN, Infinity, "2", 2n, undefined])
    expectRefusal(table, addLeftOut(0, "missing", count), refused("LF_COUNT", "count of missing"));
  for (const cell of [0.5, Number.NaN, 2 ** 28, "0"])
    expectRefusal(table, addLeftOut(cell, "missing", 1), refused("LF_COUNT", "number of cells"));
  table.addLeftOut(-1, "missing", 1);
  expect(table.valueAt(0, "mean").missing).toBe(2);
});

test("tables of different options do not merge, nor what is no table", () => {
  const into = sampleOf();
  const cells = Int32Array.of(0, 1);
  for (const options of [
    { nan: "skip" },
    { parts: PARTS },
    { parts: [{ weighted: true }] },
  ] satisfies LossTableOptions[]) {
    const other = new LossTable(options);
    other.extend(2);
    for (const [to, from] of [
      [into, other],
      [other, into],
    ] as const) {
      const error = refused("LF_STATE_MISMATCH", "options of a table to merge");
      expectRefusal(to, () => to.merge(from, cells), error);
      expectRefusal(to, () => to.mergeCell(0, from, 0), error);
    }
  }
  const weighted = new LossTable({ parts: PARTS });
  expect(() => weighted.merge(new LossTable({ parts: [...PARTS].reverse() }), cells)).toThrow(
    refused("LF_STATE_MISMATCH", "true,false"),
  );
  const other = sampleOf();
  for (const none of [null, undefined, 3, {}, RunningLoss.create()] as unknown as LossTable[]) {
    expectRefusal(into, () => into.merge(none, cells), refused("LF_BAD_PARAMETER", "must be a LossTable"));
    expectRefusal(into, () => into.mergeCell(0, none, 0), refused("LF_BAD_PARAMETER", "must be a LossTable"));
  }
  expectRefusal(into, () => into.merge(into, cells), refused("LF_BAD_PARAMETER", "another one"));
  expectRefusal(
    into,
    () => into.merge(other, Int32Array.of(0)),
    refused("LF_LENGTH_MISMATCH", "number of cells"),
  );
  expectRefusal(
    into,
    () => into.merge(other, [0, 1] as unknown as Int32Array),
    refused("LF_BAD_PARAMETER", "Int32Array"),
  );
  for (const cell of [-1, 0.5, Number.NaN]) {
    expectRefusal(into, () => into.mergeCell(cell, other, 0), refused("LF_BAD_PARAMETER", "cell of a table"));
    expectRefusal(into, () => into.mergeCell(0, other, cell), refused("LF_BAD_PARAMETER", "cell of a table"));
  }
  // A cell that there is not is that of no rows.
  const before = into.toNumbers();
  into.mergeCell(0, other, 77);
  expect(into.toNumbers()).toEqual(before);
});

test("a cell that nothing was added to is that of no rows, wherever it stands", () => {
  const states = { nan: "skip", squares: false, parts: PARTS } as const;
  for (const table of [
    sampleOf(),
    LossTable.fromNumbers(joined(sampleOf())),
    new LossTable({ nan: "skip", parts: PARTS }),
  ]) {
    const empty = RunningLoss.create(table.length === 0 ? states : { squares: false });
    for (const cell of [2, 63, 64, 2 ** 40]) {
      expect(table.valueAt(cell, "mean")).toEqual({ ...RunningLoss.value(empty), reduced: null });
      expect(RunningLoss.toBytes(table.stateAt(cell))).toEqual(RunningLoss.toBytes(empty));
    }
    for (const cell of [-1, 0.5, Number.NaN, "0" as unknown as number]) {
      expect(() => table.valueAt(cell, "mean")).toThrow(refused("LF_BAD_PARAMETER", "cell of a table"));
      expect(() => table.stateAt(cell)).toThrow(refused("LF_BAD_PARAMETER", "cell of a table"));
    }
    for (const elements of [-1, 0.5, Number.NaN, "2" as unknown as number]) {
      expect(() => table.valueAt(0, "mean", { elements })).toThrow(refused("LF_COUNT", "number of elements"));
      expect(() => table.stateAt(0, elements)).toThrow(refused("LF_COUNT", "number of elements"));
    }
    for (const none of [null, [0], 3] as unknown as Int32Array[])
      expect(() => table.toNumbers(none)).toThrow(refused("LF_BAD_PARAMETER", "an Int32Array"));
    for (const cell of [-1, table.length])
      expect(() => table.toNumbers(Int32Array.of(cell))).toThrow(
        refused("LF_BAD_PARAMETER", "cell to write"),
      );
  }
});

function joined(table: LossTable): Float64Array {
  return Float64Array.from(table.toNumbers().flatMap((block) => [...block]));
}

test("options of adding may be given as none", () => {
  const none: AddToTableOptions = { weights: undefined, rows: undefined, firstRow: undefined };
  const table = new LossTable();
  table.addArray(at, values, 3, none);
  table.addArray(at, values, 3, { weights: null, rows: null } as object);
  expect(table.valueAt(0, "sum")).toMatchObject({ sum: 6, minRow: null });
});

test("numbers whose memory has been given away, and what are none, are refused with a code", () => {
  const numbers = joined(sampleOf());
  const copy = numbers.slice();
  structuredClone(copy, { transfer: [copy.buffer] });
  const view = new DataView(numbers.buffer);
  for (const none of [
    copy,
    view,
    null,
    undefined,
    [...numbers],
    Float32Array.from(numbers),
  ] as Float64Array[]) {
    expect(() => LossTable.fromNumbers(none)).toThrow(refused("LF_STATE_VERSION", "table of running losses"));
    expect(() => SumTable.fromNumbers(none, 1)).toThrow(refused("LF_STATE_DAMAGED", "sums of this table"));
  }
});

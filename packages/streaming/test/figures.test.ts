import {
  tableFromArrays,
  Table,
  vectorFromArray,
  Bool,
  Float16,
  FixedSizeList,
  Field,
  Float64,
  makeVector,
  Int8,
  Uint64,
  Utf8,
  Dictionary,
  Int32,
} from "apache-arrow";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import type { LossJobOptions } from "../src/job/options.ts";
import type { Snapshot } from "../src/job/snapshot.ts";
import { createPool } from "../src/pool/create-pool.ts";
import { runningLoss } from "../src/running-loss.ts";
import type { Source } from "../src/source/sources-from.ts";
import { ENGINES } from "./engines.ts";

describe.each(ENGINES)("engine %s", (engine) => {
  const pool = createPool({ workers: 0, engine });
  afterAll(() => pool.close());

  async function figures(
    source: Source | readonly Source[],
    options: Partial<LossJobOptions> = {},
  ): Promise<Snapshot> {
    return lastValueFrom(
      runningLoss(source, { losses: ["mse"], target: "y", prediction: "p", pool, ...options }),
    );
  }

  const text = (content: string): Uint8Array => new TextEncoder().encode(content);

  test("a preset that averages the last axis away has no such parameter in a stream, which counts each element", async () => {
    const table = text("p,y\n1,0\n3,1\n");
    const { results } = await figures(table, { losses: [{ loss: "mse", preset: "keras" }] });
    const [{ loss, params }] = results as unknown as [{ loss: string; params: Record<string, unknown> }];
    expect(params).not.toHaveProperty("per_sample");
    const again = await figures(table, { losses: [{ loss, params }] });
    expect(again.results[0]!.mean).toBe(2.5);
  });

  describe("columns of every type that holds numbers", () => {
    const y = [1, 0, null, 1];
    const columns = {
      int8: vectorFromArray(y, new Int8()),
      uint64: vectorFromArray(
        y.map((one) => (one === null ? null : BigInt(one))),
        new Uint64(),
      ),
      float16: vectorFromArray(y, new Float16()),
      boolean: vectorFromArray(
        y.map((one) => (one === null ? null : one === 1)),
        new Bool(),
      ),
      dictionary: vectorFromArray(y, new Dictionary(new Float64(), new Int32())),
    };
    test.each(Object.entries(columns))("%s", async (_name, column) => {
      const table = new Table({ y: column, p: vectorFromArray([0.5, 0.25, 1, 1], new Float64()) });
      const { results } = await figures(table);
      expect(results[0]).toMatchObject({ count: 3, missing: 1, sum: 0.3125 });
    });

    test("sliced batches, whose bitmaps begin within a byte", async () => {
      const table = new Table({ y: columns.boolean, p: vectorFromArray([0.5, null, 1, 1], new Float64()) });
      expect((await figures(table.slice(1, 4))).results[0]).toMatchObject({ count: 1, missing: 2, sum: 0 });
    });

    test("lists of a fixed size, and several columns as one list", async () => {
      const list = new FixedSizeList(2, new Field("item", new Float64(), true));
      const table = new Table({
        y: vectorFromArray([0, 1], new Int8()),
        p: vectorFromArray(
          [
            [2, 1],
            [1, 2],
          ],
          list,
        ),
        p_2: makeVector(Float64Array.of(1, 2)),
        p_1: makeVector(Float64Array.of(2, 1)),
      });
      const options = { losses: ["scce_logits"] };
      const due = (await figures(table, options)).results;
      expect(due[0]).toMatchObject({ count: 2 });
      // Engines may differ in the last place.
      expect(due[0]!.mean).toBeCloseTo(Math.log1p(Math.exp(-1)), 15);
      for (const prediction of ["p_*", "p_1,p_2", ["p_1", "p_2"]]) {
        expect((await figures(table, { ...options, prediction })).results).toEqual(due);
      }
    });

    test("a batch of null rows alone is missing, whatever a loss has for each class", async () => {
      const bytes = text('{"y":1,"o":[0,1],"p":null}\n');
      const options = { prediction: "p", by: ["y"], top: 1 };
      for (const [target, losses] of [
        ["y", ["focal_softmax:alpha", "scce_logits:class_weight"]],
        ["o", ["categorical_focal_keras:alpha", "cce_logits:class_weight"]],
      ] as const) {
        const specs = losses.map((spec) => {
          const [loss, parameter] = spec.split(":") as [string, string];
          return { loss, params: { [parameter]: [1, 2] } };
        });
        for (const more of [{}, options]) {
          const { results } = await figures(bytes, { target, losses: specs, ...more });
          expect(results.map(({ count, missing }) => [count, missing])).toEqual([
            [0, 1],
            [0, 1],
          ]);
        }
      }
    });

    test("labels in text, by the order of the classes", async () => {
      const table = new Table({
        y: vectorFromArray(["dog", "cat", null], new Utf8()),
        a: makeVector(Float64Array.of(0, 0, 0)),
        b: makeVector(Float64Array.of(0, 0, 0)),
      });
      const { results } = await figures(table, {
        losses: ["scce_logits"],
        prediction: "a,b",
        classes: ["cat", "dog"],
      });
      expect(results[0]).toMatchObject({ count: 2, missing: 1, mean: Math.LN2 });
    });

    test("false is -1 for a hinge loss, and 0 where its labels are 0 and 1", async () => {
      const table = new Table({
        y: vectorFromArray([true, false], new Bool()),
        p: makeVector(Float64Array.of(0.5, 0.5)),
      });
      const { results } = await figures(table, {
        losses: ["hinge", { loss: "hinge", params: { labels: "01" } }, "mse"],
      });
      expect(results.map(({ sum }) => sum)).toEqual([2, 2, 0.5]);
    });
  });

  describe("text sources", () => {
    test("CSV: byte-order mark, CRLF, CR, quotes, blank lines, spaces, tabs and semicolons", async () => {
      const due = { rows: 3, results: [{ count: 2, missing: 1, sum: 1.25, nan: 0, posInf: 0 }] };
      for (const content of [
        '\u{feff}y,p,note\r\n1,2,"a, ""quoted"" note\r\nover two lines"\r\n0.5,1,\r\n,3,x',
        "\n y , p \n1,2\n\n0.5,1\n,3\n",
        "y\tp\r1\t2\r.5\t1e0\r\t3\r",
        'p;y\n2;1\n+1.0;"5E-1"\n3; \n',
      ]) {
        expect(await figures(text(content))).toMatchObject(due);
      }
    });

    test("CSV: nan and inf in any case are floats, counted and left out", async () => {
      const { results } = await figures(text("y,p\n0,NaN\n0,-nan\n0,INF\n0,-Infinity\n0,+infinity\n0,1\n"));
      expect(results[0]).toMatchObject({ count: 6, finite: 1, nan: 2, posInf: 3, mean: 1 });
    });

    test("CSV: numbers are rounded as JavaScript rounds them", async () => {
      const numbers = [
        "0.1",
        "123456789012345",
        "1234567890123456789.0",
        "4.35",
        "1e23",
        "2.2250738585072011e-308",
        "9007199254740993.0",
        ".000000000000000000000001",
        "1e-400",
      ];
      for (const number of numbers) {
        const { results } = await figures(text(`y,p\n0,${number}\n`), { losses: ["mae"] });
        expect(results[0]!.sum).toBe(Number(number));
      }
    });

    test("a header without rows is an empty table", async () => {
      const snapshot = await figures(text("y,p\n"), { by: "y", window: { rows: 2 }, top: 1 });
      expect(snapshot).toMatchObject({
        rows: 0,
        done: true,
        results: [{ count: 0, mean: null, value: null, sum: 0, min: null, groups: [], windows: [], top: [] }],
      });
    });

    test("JSONL: bare and quoted non-finite floats, absent keys, nested nulls, booleans", async () => {
      const lines = [
        '{"y": true, "p": 1, "note": "NaN, said she"}',
        '{"y": false, "p": NaN}',
        '{"y": 1, "p": "-Infinity"}',
        '{"p": 3}',
        "  ",
        '{"y": null, "p": 1}',
      ];
      const { rows, results } = await figures(text(lines.join("\n")));
      expect(rows).toBe(5);
      expect(results[0]).toMatchObject({ count: 3, finite: 1, nan: 1, posInf: 1, missing: 2, sum: 0 });
    });
  });

  describe("groups", () => {
    test("are sorted by key, numbers by value, null last; integers past 2^53 are text", async () => {
      const lines = [
        { y: 1, p: 1, g: 10 },
        { y: 1, p: 2, g: 9 },
        { y: 1, p: 3, g: null },
        { y: 1, p: 4, g: "a" },
        { y: 1, p: 5, g: -2.5 },
      ];
      const { results } = await figures(text(lines.map((line) => JSON.stringify(line)).join("\n")), {
        by: "g",
      });
      expect(results[0]!.groups!.map(({ key, mean }) => [key["g"], mean])).toEqual([
        [-2.5, 16],
        [9, 1],
        [10, 0],
        ["a", 9],
        [null, 4],
      ]);
      const big = new Table({
        y: makeVector(Float64Array.of(1, 1, 1)),
        p: makeVector(Float64Array.of(1, 2, 3)),
        g: vectorFromArray([2n ** 53n + 1n, 3n, 2n ** 53n + 2n], new Uint64()),
      });
      const keys = (await figures(big, { by: ["g"] })).results[0]!.groups!.map(({ key }) => key["g"]);
      expect(keys).toEqual([3, "9007199254740993", "9007199254740994"]);
    });

    test("of CSV cells are numbers or texts, each by its own text", async () => {
      const keysOf = async (...cells: string[]): Promise<unknown[]> => {
        const { results } = await figures(text(`y,p,g\n${cells.map((cell) => `1,2,${cell}\n`).join("")}`), {
          by: "g",
        });
        return results[0]!.groups!.map(({ key }) => key["g"]);
      };
      expect(await keysOf("10", "9", "", "-1.5")).toEqual([-1.5, 9, 10, null]);
      expect(await keysOf("1.1", "1.10", "7", "007")).toEqual([1.1, 7, "007", "1.10"]);
      expect(await keysOf("10", "9", "x")).toEqual([9, 10, "x"]);
      expect(await keysOf("true", "false")).toEqual(["false", "true"]);
    });
  });

  test("rows and shape stand once where the results agree, else in each", async () => {
    const lines = text('{"y":[1,2],"p":[1,3]}\n{"y":[0,0],"p":[1,0]}\n');
    const agreeing = await figures(lines, { losses: ["mse", "mae"] });
    expect(agreeing).toMatchObject({ rows: 4, shape: [2, 2] });
    expect(agreeing.results[0]).not.toHaveProperty("rows");
    const differing = await figures(lines, { losses: ["mse", "cosine"] });
    expect(differing).not.toHaveProperty("rows");
    expect(differing.results).toMatchObject([{ rows: 4, shape: [2, 2] }, { rows: 2 }]);
  });

  test("each reduction has its denominator", async () => {
    const table = tableFromArrays({
      y: Float64Array.of(0, 0, 0, 0),
      p: Float64Array.of(1, 2, 3, 5),
      w: Float64Array.of(2, 1, 1, 0),
    });
    const valueOf = async (reduction: LossJobOptions["reduction"]) =>
      (await figures(table, { losses: ["mae"], weight: "w", reduction })).results[0]!.value;
    expect(await valueOf(undefined)).toBe(7 / 4);
    expect(await valueOf("sum")).toBe(7);
    expect(await valueOf("mean_by_count")).toBe(7 / 3);
    expect(await valueOf("sum_by_nonzero_weights")).toBe(7 / 3);
  });

  test("a sum beyond float64 is Infinity, and its mean is still formed", async () => {
    const table = tableFromArrays({ y: Float64Array.of(0, 0), p: Float64Array.of(1e308, 1e308) });
    expect((await figures(table, { losses: ["mae"] })).results[0]).toMatchObject({
      sum: Infinity,
      mean: 1e308,
      finite: 2,
    });
  });
});

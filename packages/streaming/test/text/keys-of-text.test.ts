import { Table, tableFromArrays } from "apache-arrow";
import { lastValueFrom } from "rxjs";
import { afterAll, expect, test } from "vitest";
import { createPool } from "../../src/pool/create-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";
import { recordFromJson } from "../../src/text/record-from-json.ts";

const pool = createPool({ workers: 0 });
afterAll(() => pool.close());

/** Each key of column `g` with the rows that have it. */
async function groupsOf(text: string): Promise<[unknown, unknown][]> {
  const options = { losses: ["mse"], target: "y", prediction: "y", by: ["g"], pool };
  const { results } = await lastValueFrom(runningLoss(new TextEncoder().encode(text), options));
  return results[0]!.groups!.map(({ key, count }) => [key["g"], count]);
}

const jsonl = (...keys: string[]): string => keys.map((key) => `{"y": 1, "g": ${key}}\n`).join("");
const csv = (...keys: string[]): string => `y,g\n${keys.map((key) => `1,${key}\n`).join("")}`;

test("distinct JSONL integers past 2^53 are distinct groups, exact to the digit", async () => {
  const keys = jsonl("9007199254740993", "9007199254740992", "-9007199254740993", "9007199254740991");
  expect(await groupsOf(keys)).toEqual([
    ["-9007199254740993", 1],
    [9007199254740991, 1],
    ["9007199254740992", 1],
    ["9007199254740993", 1],
  ]);
});

test("digits inside a JSONL text, and long floats, are no integers past 2^53", async () => {
  const keys = jsonl(
    '"a \\" : 9007199254740993 ,"',
    '"9007199254740993"',
    "9007199254740993",
    "9007199254740993.0",
    "0.12345678901234567",
  );
  expect(await groupsOf(keys)).toEqual([
    [Number("0.12345678901234567"), 1],
    [9007199254740992, 1],
    ["9007199254740993", 1],
    ["9007199254740993", 1],
    ['a " : 9007199254740993 ,', 1],
  ]);
});

test("a bare NaN on the line of a long integer leaves both as they are", async () => {
  const text = '{"y": NaN, "g": 9007199254740993}\n{"y": 1, "g": 9007199254740993}\n';
  expect(await groupsOf(text)).toEqual([["9007199254740993", 2]]);
});

test("bare NaN and infinities of JSONL are the floats that they name, in keys as in numbers", async () => {
  const typed = tableFromArrays({
    y: Float64Array.of(1, 1, 1),
    g: Float64Array.of(Number.NaN, Infinity, -Infinity),
  });
  const keys = jsonl("NaN", "Infinity", "1e400", "-Infinity", '"NaN"', '"a: NaN"');
  const options = { losses: ["mse"], target: "y", prediction: "y", by: ["g"], pool };
  const sources = [typed, new TextEncoder().encode(keys)];
  const { results } = await lastValueFrom(runningLoss(sources, options));
  expect(results[0]!.groups!.map(({ key, count }) => [key["g"], count])).toEqual([
    ["-Infinity", 2],
    ["Infinity", 3],
    ["NaN", 2],
    ["NaN", 1],
    ["a: NaN", 1],
  ]);
});

test("a bare float is no name of a value", () => {
  for (const text of ["{NaN: 1}", '{"y": NaN, Infinity: 1}'])
    expect(() => recordFromJson(text, "bytes", 3, 2)).toThrow(
      expect.objectContaining({ code: "LF_BAD_JSON", line: 3, row: 2 }),
    );
});

test("a bare NaN and a long integer are read beside a text of millions of characters", () => {
  const text = `{"y": NaN, "id": 9007199254740993, "text": "${"x".repeat(2 ** 24)}"}`;
  expect(recordFromJson(text, "bytes", 1, 0)).toMatchObject({ y: Number.NaN, id: 9007199254740993n });
});

test("CSV keys that are written as numbers are that number, as in typed formats", async () => {
  expect(await groupsOf(csv("1", "1.0", "1e+00", "1.000e0", " 1", '"1"'))).toEqual([[1, 6]]);
  expect(await groupsOf(csv("-0.0", "0", "2.0", "inf", "-Inf", "nan", ""))).toEqual([
    [0, 2],
    [2, 1],
    ["-Infinity", 1],
    ["Infinity", 1],
    ["NaN", 1],
    [null, 1],
  ]);
});

test("CSV keys that no program writes for a number are texts: no two identifiers become one", async () => {
  const texts = ["+7", "007", "1.10", "12e5", "1e400", "7.00", "e1"];
  expect(await groupsOf(csv("7", "1.1", "1200000", ...texts))).toEqual([
    [1.1, 1],
    [7, 1],
    [1200000, 1],
    ...texts.map((text) => [text, 1]),
  ]);
});

test("a CSV key has the type of its own text, whatever else its column holds", async () => {
  expect(await groupsOf(csv("10", "9", "true", "v1", "1.1", "9007199254740993"))).toEqual([
    [1.1, 1],
    [9, 1],
    [10, 1],
    ["9007199254740993", 1],
    ["true", 1],
    ["v1", 1],
  ]);
});

test("texts sort by their UTF-16 units, long integers by value, in one column and in two", async () => {
  const texts = ["b", "a", "", "ab", "\u{10348}", "\uffee", "é", "z"];
  const digits = [
    "9007199254740993",
    "-9007199254740994",
    "90071992547409930",
    "-90071992547409930",
    "12",
    "-3",
  ];
  const keys = jsonl(...texts.map((text) => JSON.stringify(text)), ...digits, "0.5", "1e300", "true", "null");
  const sorted = (await groupsOf(keys)).map(([key]) => key);
  const numbers = [...digits, "0.5", "1e300"].sort((a, b) => Number(a) - Number(b));
  expect(sorted.map(String)).toEqual([
    "true",
    ...numbers.map((one) => one.replace("e", "e+")),
    ...texts.toSorted(),
    "null",
  ]);
});

test("a table has the same groups as CSV, JSONL and Arrow", async () => {
  const numbers = [1, 2.5, -3, 1e21, 1e-7, 0.1, 1];
  const texts = ["a", "007", "b", "007", "1.10", "", "a"];
  const { schema, batches } = tableFromArrays({
    y: Float32Array.from(numbers),
    g: Float64Array.from(numbers),
    h: texts,
  });
  const rows = numbers.map((g, i) => ({ y: 1, g, h: texts[i]! }));
  const asCsv = `y,g,h\n${rows.map(({ g, h }) => `1,${g},"${h}"\n`).join("")}`;
  const asJson = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const sources = [asCsv, asJson].map((text) => new TextEncoder().encode(text));
  const found = await Promise.all(
    [...sources, new Table(schema, batches)].map(async (source) => {
      const options = { losses: ["mse"], target: "y", prediction: "y", by: ["g", "h"], pool };
      const { results } = await lastValueFrom(runningLoss(source, options));
      return results[0]!.groups!.map(({ key, count }) => [key["g"], key["h"] ?? "", count]);
    }),
  );
  expect(found[0]).toHaveLength(6);
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
});

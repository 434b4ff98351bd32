import { lastValueFrom } from "rxjs";
import { afterAll, expect, test } from "vitest";
import { createPool } from "../../src/pool/create-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";

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

test("CSV keys are numbers by value, as in typed formats", async () => {
  expect(await groupsOf(csv("1", "01", "1.0", "+1", "1e0", " 1", '"1"'))).toEqual([[1, 7]]);
  expect(await groupsOf(csv("-0.0", "0.0", "2.0", "inf", "-Inf", "nan", ""))).toEqual([
    [0, 2],
    [2, 1],
    ["-Infinity", 1],
    ["Infinity", 1],
    ["NaN", 1],
    [null, 1],
  ]);
});

test("a CSV key has the type of its own text, whatever else its column holds", async () => {
  expect(await groupsOf(csv("10", "9", "true", "v1", "1.10", "1.1", "9007199254740993"))).toEqual([
    [1.1, 2],
    [9, 1],
    [10, 1],
    ["9007199254740993", 1],
    ["true", 1],
    ["v1", 1],
  ]);
});

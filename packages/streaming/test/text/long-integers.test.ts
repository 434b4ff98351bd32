import { Int64, makeVector, Table, vectorFromArray } from "apache-arrow";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import { createPool } from "../../src/pool/create-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";
import type { Source } from "../../src/source/sources-from.ts";

const pool = createPool({ workers: 0 });
afterAll(() => pool.close());

async function sumOf(source: Source): Promise<unknown> {
  const options = { losses: ["mae"], target: "y", prediction: "p", pool };
  return (await lastValueFrom(runningLoss(source, options))).results[0]!.sum;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const tableOf: Readonly<Record<string, (integer: string) => Source>> = {
  Arrow: (integer) =>
    new Table({
      y: vectorFromArray([0n, BigInt(integer)], new Int64()),
      p: makeVector(Float64Array.of(0, 0)),
    }),
  CSV: (integer) => bytes(`y,p\n0,0\n${integer},0\n`),
  JSONL: (integer) => bytes(`{"y":0,"p":0}\n{"y":${integer},"p":0}\n`),
};

describe.each(Object.entries(tableOf))("in %s", (_, table) => {
  test("an integer that no double holds is refused with its row and column", async () => {
    const refusal = await sumOf(table("9007199254740993")).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "LF_INTEGER_NOT_EXACT", row: 1, column: "y" });
    expect(String(refusal)).toContain(
      "the integer 9007199254740993 has no exact double; give it as a float where rounding will do.",
    );
  });

  test("an integer past 2^53 that a double holds is read", async () => {
    expect(await sumOf(table("9007199254740994"))).toBe(9007199254740994);
    expect(await sumOf(table("-9223372036854775808"))).toBe(2 ** 63);
  });
});

test.each(["CSV", "JSONL"])(
  "in %s an integer longer than any double is refused in a short sentence",
  async (format) => {
    const refusal = await sumOf(tableOf[format]!(`1${"0".repeat(400)}`)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "LF_INTEGER_NOT_EXACT", row: 1 });
    expect(String(refusal).length).toBeLessThan(250);
  },
);

test.each(["CSV", "JSONL"])(
  "in %s the same digits as a float are rounded, as the advice says",
  async (format) => {
    expect(await sumOf(tableOf[format]!("9007199254740993.0"))).toBe(9007199254740992);
  },
);

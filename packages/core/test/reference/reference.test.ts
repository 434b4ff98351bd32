import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LOSSES } from "@lossflow/core";
import type { GoldenCase } from "../golden/evaluate-case.mjs";
import { faultOf } from "../golden/fault-of-case.ts";

const path = process.env["LOSSFLOW_REFERENCE"] ?? new URL("cases.json", import.meta.url);
const { mpmath, bits, seed, cases } = JSON.parse(readFileSync(path, "utf8")) as {
  readonly mpmath: string;
  readonly bits: number;
  readonly seed: number;
  readonly cases: readonly GoldenCase[];
};

describe(`random cases by mpmath ${mpmath}, ${bits} bits, seed ${seed}, scripts/reference-cases.py`, () => {
  test.each(LOSSES.map(({ id }) => id))("%s", (id) => {
    const own = cases.filter(({ loss }) => loss === id);
    const failures = own.map((one) => [one.id, faultOf(one)]).filter(([, fault]) => fault !== null);
    expect(failures).toEqual([]);
    expect(own.length).toBeGreaterThan(0);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as core from "@lossflow/core";
import type { GoldenCase } from "./evaluate-case.mjs";
import { faultOf } from "./fault-of-case.ts";

const folder = new URL("./cases/", import.meta.url);

describe("golden cases, correctly rounded from arithmetic of 2,600 bits", () => {
  test.each(readdirSync(folder))("%s", (file) => {
    const { cases } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as { cases: GoldenCase[] };
    const failures = cases.map((one) => [one.id, faultOf(one)]).filter(([, fault]) => fault !== null);
    expect(failures).toEqual([]);
    expect(cases.length).toBeGreaterThan(0);
  });

  test("every loss has cases, but those of single libraries", () => {
    const files = new Set(readdirSync(folder).map((file) => file.replace(".json", "")));
    const without = core.LOSSES.map(({ id }) => id).filter((id) => !files.has(id));
    expect(without).toEqual(["log_loss_eps", "categorical_focal_keras", "generalized_kl"]);
  });
});

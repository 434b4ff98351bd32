import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as core from "@lossflow/core";
import { differenceBetween, flatNumbers, ulpsBetween } from "./differences.ts";
import { evaluatorOver, type GoldenCase } from "./evaluate-case.mjs";

const folder = new URL("./cases/", import.meta.url);
const evaluate = evaluatorOver(core);

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

function faultOf(one: GoldenCase): string | null {
  const { expect: wanted, tol, dtype } = one;
  let got;
  try {
    got = evaluate(one);
  } catch (error) {
    return wanted.throws === true && core.isLossflowError(error) ? null : String(error);
  }
  if (wanted.throws === true) return "was not refused";
  for (const [name, value] of Object.entries(wanted.agg ?? {})) {
    const bound = typeof tol.ulp === "number" ? tol.ulp : (tol.ulp?.[name] ?? 0);
    const ulps = ulpsBetween(Number(got.agg?.[name]), flatNumbers(value)[0]!, "f64");
    const isNear = Math.abs(Number(got.agg?.[name]) - Number(value)) <= (tol.abs?.[name] ?? -1);
    if (ulps > bound && !isNear) return `${name} is ${String(got.agg?.[name])}, expected ${String(value)}`;
  }
  if (wanted.agg !== undefined) return null;
  const value = differenceBetween(got.value, wanted.value, { ulp: tol.vulp ?? 0, absolute: tol.vabs }, dtype);
  if (value !== null) return `value ${value}`;
  if (wanted.grad === undefined || wanted.grad === null) return null;
  const gradient = differenceBetween(
    got.grad,
    wanted.grad,
    { ulp: tol.gulp ?? 0, absolute: tol.gabs },
    dtype,
  );
  return gradient === null ? null : `gradient ${gradient}`;
}

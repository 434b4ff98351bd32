import * as core from "@lossflow/core";
import { differenceBetween, flatNumbers, ulpsBetween } from "./differences.ts";
import { evaluatorOver, type GoldenCase } from "./evaluate-case.mjs";

const evaluate = evaluatorOver(core);

/** Runs one case and says what is wrong with the outcome; null where it is within the case's tolerances. */
export function faultOf(one: GoldenCase): string | null {
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

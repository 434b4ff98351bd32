import { expect, test } from "vitest";
import { exitCodeFromError } from "../../src/cli/exit-code-from-error.ts";
import { EXIT, mostSeriousExit } from "../../src/cli/exit-code.ts";

test("the most serious code wins, in the documented order", () => {
  const order = [21, 20, 24, 22, 23, 30, 10, 0];
  for (let i = 0; i < order.length; i++) {
    expect(mostSeriousExit(order.slice(i))).toBe(order[i]);
    expect(mostSeriousExit(order.slice(i).reverse())).toBe(order[i]);
  }
  expect(mostSeriousExit([])).toBe(EXIT.fine);
});

test("errors map by their code, wherever they come from", () => {
  const coded = (code: string): Error => Object.assign(new Error("x"), { code });
  expect(exitCodeFromError(coded("LF_UNKNOWN_COLUMN"))).toBe(2);
  expect(exitCodeFromError(coded("LF_UNKNOWN_LOSS"))).toBe(2);
  expect(exitCodeFromError(coded("LF_SOURCE_MISSING"))).toBe(30);
  expect(exitCodeFromError(coded("LF_LABEL_OUT_OF_RANGE"))).toBe(30);
  expect(exitCodeFromError(coded("LF_CHUNK_FAILED"))).toBe(30);
  expect(exitCodeFromError(coded("ENOENT"))).toBe(1);
  expect(exitCodeFromError(new TypeError("x"))).toBe(1);
  expect(exitCodeFromError("text")).toBe(1);
});

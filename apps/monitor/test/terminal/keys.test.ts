import { expect, test } from "vitest";
import { keyActionsFrom } from "../../src/terminal/keys.ts";

test("keys typed together are read one by one", () => {
  expect(keyActionsFrom("\u001b[B\t\u001b[Zsq")).toEqual([
    "next-metric",
    "next-metric",
    "previous-metric",
    "smoothing",
    "quit",
  ]);
});

test("keys without a meaning do nothing", () => {
  expect(keyActionsFrom("w\u001b[15~\u001b😀w")).toEqual([]);
  expect(keyActionsFrom("")).toEqual([]);
});

test("both forms of the arrow keys are known", () => {
  expect(keyActionsFrom("\u001bOC\u001b[C")).toEqual(["next-run", "next-run"]);
});

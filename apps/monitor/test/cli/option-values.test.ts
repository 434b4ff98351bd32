import { expect, test } from "vitest";
import { choiceOf, listOf, nameOf, numberOf, wholeNumberOf } from "../../src/cli/option-values.ts";

const usage = (sentence: RegExp): unknown =>
  expect.objectContaining({ code: "LF_USAGE", message: expect.stringMatching(sentence) });

test("names", () => {
  expect(nameOf("--metric")("loss")).toBe("loss");
  expect(() => nameOf("--metric")("")).toThrow(usage(/--metric takes a name, not ""/));
});

test("whole numbers", () => {
  expect(wholeNumberOf("--workers", 0)("0")).toBe(0);
  for (const text of ["-1", "1.5", "", "1e3", "x", "9007199254740993"]) {
    expect(() => wholeNumberOf("--workers", 0)(text)).toThrow(
      usage(/--workers takes a whole number of at least 0/),
    );
  }
  expect(() => wholeNumberOf("--top", 1)("0")).toThrow(usage(/at least 1, not "0"/));
});

test("numbers", () => {
  expect(numberOf("--max-loss")("-1.5e3")).toBe(-1500);
  for (const text of ["", " ", "NaN", "Infinity", "2,5"]) {
    expect(() => numberOf("--max-loss")(text)).toThrow(usage(/--max-loss takes a number/));
  }
});

test("choices name what there is", () => {
  expect(choiceOf("--nan", ["count", "skip"])("skip")).toBe("skip");
  expect(() => choiceOf("--nan", ["count", "skip"])("skp")).toThrow(
    expect.objectContaining({ code: "LF_USAGE", got: "skp", known: ["count", "skip"] }),
  );
});

test("lists", () => {
  expect(listOf("--by")("a, b")).toEqual(["a", "b"]);
  expect(() => listOf("--by")("a,,b")).toThrow(usage(/separated by commas/));
  expect(() => listOf("--fail-on", ["nan", "spike"])("nan,spik")).toThrow(usage(/not "spik"/));
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LOSSES } from "@lossflow/core";

const root = new URL("../src/", import.meta.url);
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(new URL(file, root), "utf8"));

/** The docstring that stands right before a declaration, in one line. */
function docstringOf(declaration: RegExp): string {
  for (const text of sources) {
    const at = text.search(declaration);
    if (at < 0) continue;
    const before = text.slice(0, at).trimEnd();
    if (!before.endsWith("*/")) return "";
    return before
      .slice(before.lastIndexOf("/**"))
      .replaceAll(/\s*\n\s*\*/g, " ")
      .replaceAll(/\s+/g, " ");
  }
  throw new Error(`nothing declares ${String(declaration)}`);
}

describe("each loss says what it makes, its formula, gradient and id, shapes and units, its denominator, what NaN and nothing do, whose its arrays are, refusals and source", () => {
  const factories = [...new Set(LOSSES.map(({ factory }) => factory))];
  test.each(factories)("%s", (factory) => {
    const text = docstringOf(new RegExp(`export function ${factory}\\b`));
    expect(text).toMatch(/^\/\*\* Makes /);
    expect(text).toMatch(/ [lL](oss)? ?= |: 1 - |: -?\(|l = /);
    expect(text).toMatch(/[gG]radient|[dD]erivative|dl\/d/);
    for (const { id } of LOSSES.filter((info) => info.factory === factory))
      expect(text).toContain(`\`${id}\``);
    expect(text).toMatch(/mean divides|no mean to form/i);
    expect(text).toMatch(/@throws LF_BAD_PARAMETER/);
    expect(text).toMatch(/Source: /);
    expect(text).toMatch(/one shape, any|N x C, or N x C x d1/);
    expect(text).toMatch(/ unit\b|in nats|in percent/);
    expect(text).toMatch(/NaN (stays in its own (loss and slope|row)|makes the figure NaN)/);
    expect(text).toMatch(/an empty batch/);
    expect(text).toMatch(/arrays that come back are the caller's/);
  });
});

test("what holds of all losses stands once, with the methods: widths, empty input, NaN, ownership", () => {
  const [value, gradient] = ["value", "gradient"].map((name) =>
    docstringOf(new RegExp(`  ${name}\\(prediction: Tensor`)),
  );
  expect(value).toMatch(/Empty or all left out.*NaN/);
  expect(value).toMatch(/is the caller's/);
  expect(value).toMatch(/rounded once to the width of the prediction/);
  expect(gradient).toMatch(/in the prediction's order/);
  for (const text of [value, gradient]) expect(text).toContain("@throws");
});

test("each option says what it is and its default", () => {
  const bare: string[] = [];
  for (const text of sources) {
    for (const [, body] of text.matchAll(/export interface \w+Options[^{]*\{([^}]*)\}/g)) {
      for (const [whole, doc, name] of body!.matchAll(
        /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?readonly (\w+)\??:/g,
      )) {
        if (doc === undefined) bare.push(name ?? whole);
      }
    }
  }
  expect(bare).toEqual([]);
});

describe("every export of the package has a docstring", () => {
  test.each(["index.ts", "running.ts"])("%s", (file) => {
    const text = readFileSync(new URL(file, root), "utf8");
    const names = Array.from(text.matchAll(/^export (?:type )?\{([^}]*)\}/gm), ([, list]) =>
      list!.split(",").map((name) => name.replace("type ", "").trim()),
    )
      .flat()
      .filter(Boolean);
    expect(names.length).toBeGreaterThan(5);
    const declared = (name: string): RegExp =>
      new RegExp(
        `^export (?:declare )?(?:abstract )?(?:function|class|const|interface|type) ${name}\\b`,
        "m",
      );
    expect(names.filter((name) => docstringOf(declared(name)) === "")).toEqual([]);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as root from "../src/index.ts";
import * as node from "../src/node.ts";
import * as pin from "../src/pin.ts";

test("the root exports", () => {
  expect(Object.keys(root).sort()).toMatchInlineSnapshot(`
    [
      "RunTrack",
      "formats",
      "openReader",
    ]
  `);
});

test("./node exports", () => {
  expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
    [
      "DescriptorBudget",
      "FileFollower",
      "binaryError",
      "discoverRuns",
      "emptyError",
      "followRun",
      "positionIn",
      "readRun",
    ]
  `);
});

test("./pin exports", () => {
  expect(Object.keys(pin).sort()).toMatchInlineSnapshot(`
    [
      "pinFromLine",
      "pinFromPattern",
    ]
  `);
});

test("each format has one id", () => {
  const ids = root.formats.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));

function importsFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.endsWith(".ts")) return seen;
  const text = readFileSync(file, "utf8");
  for (const [, target] of text.matchAll(/^(?:import|export|\}) .*from "([^"]+)";$/gm)) {
    if (target!.startsWith(".")) importsFrom(join(file, "..", target!), seen);
    else seen.add(target!);
  }
  return seen;
}

test("the root runs anywhere: it reaches neither Node nor Arrow", () => {
  const reached = [...importsFrom(join(SOURCE, "index.ts"))].filter((name) => !name.startsWith(SOURCE));
  expect(reached).toEqual(["@lossflow/core"]);
});

test("no file is a drawer", () => {
  const lengths = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8").split("\n").length);
  expect(Math.max(...lengths)).toBeLessThan(400);
});

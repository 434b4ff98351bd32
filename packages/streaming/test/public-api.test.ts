import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as root from "../src/index.ts";
import * as node from "../src/node.ts";
import * as startWorkers from "../src/start-workers.ts";

test("the public names change on purpose only", () => {
  expect(Object.keys(root).sort()).toEqual([
    "METRICS",
    "createPool",
    "foldLoss",
    "httpSource",
    "latestOnly",
    "runningLoss",
    "tableColumns",
    "unreducedLosses",
  ]);
  expect(Object.keys(node).sort()).toEqual([
    "METRICS",
    "createPool",
    "fileSource",
    "foldLoss",
    "httpSource",
    "latestOnly",
    "runningLoss",
    "streamSource",
    "unreducedLosses",
  ]);
  expect(Object.keys(startWorkers).sort()).toEqual(["StartedWorkers", "startWorkers"]);
});

/** Modules that a built file loads when it is imported, itself included. */
function staticImports(file: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(file.href)) return seen;
  seen.add(file.href);
  const source = readFileSync(fileURLToPath(file), "utf8");
  for (const [, name] of source.matchAll(/^(?:import|export)[^;]*?from "([^"]+)"|^import "([^"]+)"/gm)) {
    if (name!.startsWith(".")) staticImports(new URL(name!, file), seen);
    else seen.add(name!);
  }
  return seen;
}

test("the root entry needs nothing of Node, and loads neither apache-arrow nor the Parquet decoder", () => {
  const loaded = [...staticImports(new URL("../dist/index.js", import.meta.url))];
  expect(loaded.filter((name) => name.startsWith("node:"))).toEqual([]);
  expect(loaded.filter((name) => !name.startsWith("file:")).sort()).toEqual([
    "#file-reads",
    "#spawn",
    "@lossflow/core",
    "@lossflow/core/running",
    "@lossflow/kernels",
    "comlink",
    "fzstd",
    "rxjs/internal/Observable",
  ]);
});

test("workers are started without anything that takes time to load", () => {
  const loaded = staticImports(new URL("../dist/start-workers.js", import.meta.url));
  expect([...loaded].filter((name) => !name.startsWith("file:"))).toEqual(["#spawn"]);
});

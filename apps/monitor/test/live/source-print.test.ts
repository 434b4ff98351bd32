import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sourcePrint } from "../../src/live/source-print.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-print-"));
  mkdirSync(join(folder, "a/b"), { recursive: true });
  writeFileSync(join(folder, "a/log.jsonl"), "");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a file that comes, or that begins to be written, changes the print; one that is known does not", () => {
  const log = join(folder, "a/log.jsonl");
  const first = sourcePrint(folder, new Set());
  appendFileSync(log, '{"loss":1}\n');
  const written = sourcePrint(folder, new Set());
  expect(written).not.toBe(first);
  expect(sourcePrint(folder, new Set([log]))).toBe("");
  writeFileSync(join(folder, "a/b/other.csv"), "");
  expect(sourcePrint(folder, new Set([log]))).not.toBe("");
});

test("what grows beyond what a file is known by changes nothing", () => {
  writeFileSync(join(folder, "weights.bin"), new Uint8Array(1 << 16));
  const before = sourcePrint(folder, new Set());
  appendFileSync(join(folder, "weights.bin"), "more");
  expect(sourcePrint(folder, new Set())).toBe(before);
});

test("a pattern is looked at as deep as it reaches", () => {
  const before = sourcePrint(`${folder}/*/*.jsonl`, new Set());
  writeFileSync(join(folder, "a/b/deep.jsonl"), "1");
  expect(sourcePrint(`${folder}/*/*.jsonl`, new Set())).toBe(before);
  expect(sourcePrint(`${folder}/**/*.jsonl`, new Set())).toContain("deep.jsonl");
});

test("a folder that is gone prints nothing", () => {
  expect(sourcePrint(join(folder, "gone"), new Set())).toBe("");
});

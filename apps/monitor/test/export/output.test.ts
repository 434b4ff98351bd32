import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openOutputFile } from "../../src/export/output.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-output-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a file is there when it is whole, and what was discarded leaves nothing", () => {
  const path = join(folder, "whole.txt");
  const output = openOutputFile(path);
  output.write(Buffer.from("one "));
  expect(readdirSync(folder)).not.toContain("whole.txt");
  output.write(Buffer.from("two"));
  output.commit();
  expect(readFileSync(path, "utf8")).toBe("one two");
  const other = openOutputFile(path);
  other.write(Buffer.from("half"));
  other.discard();
  expect(readFileSync(path, "utf8")).toBe("one two");
  expect(readdirSync(folder)).toEqual(["whole.txt"]);
});

test("a link keeps leading where it led", () => {
  const [path, link] = [join(folder, "led-to.txt"), join(folder, "link.txt")];
  writeFileSync(path, "before");
  symlinkSync(path, link);
  const output = openOutputFile(link);
  output.write(Buffer.from("after"));
  output.commit();
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("after");
});

test.skipIf(process.platform === "win32")("a pipe is written to, not replaced by a file", async () => {
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  const reader = spawn("cat", [path]);
  const heard: Buffer[] = [];
  reader.stdout.on("data", (chunk: Buffer) => heard.push(chunk));
  const output = openOutputFile(path);
  output.write(Buffer.from("through"));
  output.commit();
  await once(reader, "close");
  expect(Buffer.concat(heard).toString()).toBe("through");
  expect(statSync(path).isFIFO()).toBe(true);
});

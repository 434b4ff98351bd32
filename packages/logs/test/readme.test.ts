import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openReader } from "../src/index.ts";
import { pinFromLine, pinFromPattern } from "../src/pin.ts";

const page = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
const programs = Array.from(page.matchAll(/```ts\n([\s\S]*?)```/g), ([, program]) => program!);

test("the README has its programs", () => {
  expect(programs).toHaveLength(2);
});

test.each(programs)("a program of the README prints what it says: %#", (program) => {
  const printed: string[] = [];
  const log = (...values: unknown[]): void => void printed.push(values.map(String).join(" "));
  const body = program.replaceAll(/^import .*$|: (?:string|number)\[\]/gm, "");
  // The program is this repository's own, and stands in the page.
  // oxlint-disable-next-line typescript/no-implied-eval
  new Function("openReader", "pinFromLine", "pinFromPattern", "console", body)(
    openReader,
    pinFromLine,
    pinFromPattern,
    { log },
  );
  const promised = Array.from(program.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g), ([, said]) => said!);
  expect(printed).toEqual(promised);
});

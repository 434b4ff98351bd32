import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { openReader } from "../src/index.ts";

test("the program in the module's documentation runs and prints its points", () => {
  const source = readFileSync(fileURLToPath(new URL("../src/index.ts", import.meta.url)), "utf8");
  const program = /```ts\n([\s\S]*?)```/
    .exec(source)![1]!
    .replaceAll(/^ \* ?/gm, "")
    .replace(/^import .*$/m, "")
    .replace(": string[]", "");
  const log = vi.fn<(...words: unknown[]) => void>();
  // The program is this repository's own, and stands in the file above.
  // oxlint-disable-next-line typescript/no-implied-eval
  new Function("openReader", "console", program)(openReader, { log });
  expect(log.mock.calls).toEqual([
    ["loss", 1, 2.5],
    ["loss", 2, NaN],
  ]);
});

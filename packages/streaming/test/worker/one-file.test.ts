import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the worker for browsers is one file: a bundler that makes a classic script of it can add no second one", () => {
  const text = readFileSync(new URL("../../dist/bundled/worker.web.js", import.meta.url), "utf8");
  expect(text.match(/\bimport\(|from "\..*"/g)).toBeNull();
});

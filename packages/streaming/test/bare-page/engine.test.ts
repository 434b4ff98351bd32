import { expect, test } from "vitest";
import { describeEngine } from "../describe-engine.ts";

test("the page is not isolated, so that bytes are handed over to workers", () => {
  expect(globalThis.crossOriginIsolated).toBe(false);
});

describeEngine();

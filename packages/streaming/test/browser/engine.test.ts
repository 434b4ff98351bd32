import { expect, test } from "vitest";
import { describeEngine } from "../describe-engine.ts";

test("the page is isolated, so that memory is shared with workers", () => {
  expect(globalThis.crossOriginIsolated).toBe(true);
});

describeEngine();

import { describe, expect, it } from "vitest";
import { createKernels } from "../src/index.ts";
import { digestOfLosses } from "./digest-of-losses.ts";
import { DIGESTS } from "./digests.ts";
import { CASES, nameOf } from "./kernel-cases.ts";

const kernels = createKernels();

/* test/browser/same-bits.test.ts holds a browser to the same digests. A change of a formula changes them on purpose. */
describe("the bits of the losses are those of every machine", () => {
  it.each(CASES.map((kernelCase) => ({ name: nameOf(kernelCase), kernelCase })))(
    "$name",
    ({ name, kernelCase }) => {
      expect(digestOfLosses(kernels, kernelCase)).toBe(DIGESTS[name]);
    },
  );
});

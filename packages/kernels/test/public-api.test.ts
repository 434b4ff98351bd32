import { expect, test } from "vitest";
import * as kernels from "@lossflow/kernels";

test("the package exports this and nothing else", () => {
  expect(Object.keys(kernels).sort()).toMatchInlineSnapshot(`
    [
      "TABLE_BYTES",
      "WORKSPACE_BYTES",
      "createKernels",
      "isSimdSupported",
      "kernelBytes",
    ]
  `);
});

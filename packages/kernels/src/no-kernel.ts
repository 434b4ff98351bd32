import { LossflowError, type Loss } from "@lossflow/core";

/** @throws LF_NO_KERNEL */
export function noKernel({ id, params }: Loss): never {
  throw new LossflowError(
    "LF_NO_KERNEL",
    `There is no kernel for ${id} with ${JSON.stringify(params)}: ask supports() first, and use the loss itself.`,
  );
}

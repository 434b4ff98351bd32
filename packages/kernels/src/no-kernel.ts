import { LossflowError, type Loss } from "@lossflow/core";

/** @throws LF_NO_KERNEL */
export function noKernel(loss: Loss): never {
  const { id, params, unreduced }: Partial<Loss> = Object(loss);
  if (typeof unreduced !== "function")
    throw new LossflowError(
      "LF_NO_KERNEL",
      "What was given is no loss: make one by lossFromSpec of @lossflow/core, or by a factory such as huber.",
    );
  throw new LossflowError(
    "LF_NO_KERNEL",
    `There is no kernel for ${id} with ${JSON.stringify(params)}: ask supports() first, and use the loss itself.`,
  );
}

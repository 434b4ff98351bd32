import { expect, test } from "vitest";
import { isLossflowError, lossInfo } from "@lossflow/core";
import { describeLoss } from "@lossflow/core/texts";

test("the mean of a loss stands behind what its letters mean", () => {
  expect(describeLoss(lossInfo("scce_logits")).formula).toBe(
    "-w_t ln p_t, p = softmax x; mean: over the sum of w_t",
  );
});

test.each(["bce", undefined, null, { id: "toString" }, { id: "mse" }])(
  "what is no entry of LOSSES is refused: %j",
  (given) => {
    const describe = describeLoss as (loss: unknown) => unknown;
    let error: unknown;
    try {
      describe(given);
    } catch (thrown) {
      error = thrown;
    }
    expect(isLossflowError(error) && error.code).toBe("LF_BAD_PARAMETER");
    expect((error as Error).message).toMatch(/^The loss to describe must be an entry of LOSSES/);
  },
);

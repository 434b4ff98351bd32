import { arrangeElements } from "../input/arrange-elements.ts";
import type { LossColumns, LossId, TargetKind } from "../loss.ts";
import type { Kernel } from "./kernel.ts";

/** One element's loss, or its derivative by the prediction x, for the target t. */
export type OfElement = (x: number, t: number) => number;

/**
 * Makes the kernel of an elementwise loss from the loss of one element and its derivative. The call in the loop costs
 * some nanoseconds: losses cheaper than that bring loops of their own.
 */
export function elementKernel(
  id: LossId,
  params: Readonly<Record<string, unknown>>,
  target: TargetKind,
  loss: OfElement,
  slope: OfElement,
  check?: (columns: LossColumns) => void,
): Kernel {
  return {
    id,
    params,
    unit: "element",
    arrange: arrangeElements,
    target,
    ...(check && { check }),
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) out[i] = loss(prediction[i]!, target[i]!);
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) out[i] = slope(prediction[i]!, target[i]!);
    },
  };
}

/**
 * The losses in words, for command lines and forms: an entry of its own, since a page that computes needs none of it.
 *
 * ```ts
 * import { lossInfo } from "@lossflow/core";
 * import { describeLoss } from "@lossflow/core/texts";
 *
 * const { formula, parameters } = describeLoss(lossInfo("huber"));
 * console.log(formula); // d^2 / 2 for |d| <= delta, else delta (|d| - delta / 2)
 * console.log(parameters[0].about); // where parabola and lines meet
 * ```
 *
 * @module
 */
export { describeLoss } from "./registry/describe-loss.ts";
export type { DescribedLoss, DescribedParameter } from "./registry/describe-loss.ts";

import { checkClassWeights } from "../input/check-class-weights.ts";
import type { Kernel } from "./kernel.ts";

/** Adds an option of one factor for each class, `weights` being what was `given`, as an array, or null for none. */
export function withClassWeights<K extends Kernel>(
  kernel: K,
  option: "alpha" | "classWeight",
  given: unknown,
  weights: readonly number[] | null,
): K {
  // An array of its own is no value that a caller can give.
  const rule = typeof given === "object" ? [weights, 0, Infinity, null] : [given, ["a list"]];
  return {
    ...kernel,
    rules: { ...kernel.rules, [option]: rule },
    check(columns) {
      checkClassWeights(option === "alpha" ? option : "class weights", weights, columns);
      return kernel.check?.(columns);
    },
  };
}

import { checkClassWeights } from "../input/check-class-weights.ts";
import type { Kernel } from "./kernel.ts";

/** Makes a kernel with an option of one factor for each class: `read` takes what was `given` as an array, or null for none. */
export function withClassWeights<K extends Kernel>(
  option: "alpha" | "classWeight",
  given: number | ArrayLike<number> | null,
  read: (weights: readonly number[] | null) => K,
): K & { readonly weights: readonly number[] | null } {
  const weights = given === null ? null : Array.from(given as ArrayLike<number>);
  const kernel = read(weights);
  // An array of its own is no value that a caller can give.
  const rule = typeof given === "object" ? [weights, 0, Infinity, null] : [given, ["a list"]];
  return {
    ...kernel,
    weights,
    rules: { ...kernel.rules, [option]: rule },
    check(columns) {
      checkClassWeights(option === "alpha" ? option : "class weights", weights, columns);
      return kernel.check?.(columns);
    },
  };
}

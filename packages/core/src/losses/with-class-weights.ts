import { same } from "../input/refuse.ts";
import type { Kernel } from "./kernel.ts";
import { listFrom } from "./list-from.ts";

/**
 * Makes a kernel with an option of one factor for each class: `read` takes what was `given` as an array, or null for none.
 * @throws LF_BAD_PARAMETER; on use, unless there is one for each class.
 */
export function withClassWeights<K extends Kernel>(
  option: "alpha" | "classWeight",
  given: number | ArrayLike<number> | null,
  read: (weights: readonly number[] | null) => K,
): K & { readonly weights: readonly number[] | null } {
  const weights = listFrom(given) as number[] | null;
  const kernel = read(weights);
  // An array of its own is no value that a caller can give.
  const rule = typeof given === "object" ? [weights, 0, Infinity, null] : [given, ["a list"]];
  return {
    ...kernel,
    weights,
    rules: { ...kernel.rules, [option]: rule },
    check(columns) {
      const what = option === "alpha" ? option : "class weights";
      if (weights && columns.rows > 0)
        same("LF_BAD_PARAMETER", `number of ${what}`, weights.length, columns.classes);
      return kernel.check?.(columns);
    },
  };
}

import { refuse } from "../input/refuse.ts";
import type { Numbers } from "../loss.ts";

/** How many numbers there are. @throws LF_NOT_A_NUMBER for no array, from callers without types. */
export function lengthOf(numbers: Numbers | null): number {
  const length = numbers?.length;
  if (!(length! >= 0)) refuse("LF_NOT_A_NUMBER", "numbers", numbers, "an array");
  return length!;
}

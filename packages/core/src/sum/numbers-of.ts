import { isArrayOf } from "./is-array-of.ts";

/** The numbers that a table was written as; none where they are no Float64Array, or its memory has been given away. */
export function numbersOf(numbers: Float64Array): Float64Array {
  return isArrayOf("Float64Array", numbers) && numbers.length > 0 ? numbers : new Float64Array(0);
}

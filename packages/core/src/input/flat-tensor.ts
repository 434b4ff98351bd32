import type { Numbers, Tensor } from "../loss.ts";
import { refuse } from "./refuse.ts";

/** Numbers in a row, with the axes they came in, slowest first. */
export interface FlatTensor {
  readonly values: Numbers;
  readonly shape: readonly number[];
}

/**
 * Lays arrays in arrays out as one; a typed array is taken as it is, not copied.
 * @throws LF_SHAPE where arrays of one depth differ in length; LF_NOT_A_NUMBER for anything but a number.
 */
export function flatTensor(input: Tensor, what: string): FlatTensor {
  if (ArrayBuffer.isView(input) && typeof (input as Numbers)[0] === "number") {
    const values = input as unknown as Numbers;
    return { values, shape: [values.length] };
  }
  const shape: number[] = [];
  const values: number[] = [];
  const walk = (entry: unknown, depth: number, row: number): void => {
    const place = depth > 0 ? { row } : {};
    // The way down to the first number tells the axes; all other arrays must be as long.
    if (isArray(entry) && (depth < shape.length || values.length === 0)) {
      const { length } = entry;
      const expected = (shape[depth] ??= length);
      if (length !== expected)
        refuse("LF_SHAPE", `length of the ${what}`, length, `${expected}, as that of the first`, place);
      for (let i = 0; i < length; i++) walk(entry[i], depth + 1, depth > 0 ? row : i);
    } else if (typeof entry === "number" && depth > 0 && depth === shape.length) values.push(entry);
    else refuse("LF_NOT_A_NUMBER", what, entry === null ? entry : typeof entry, "an array of numbers", place);
  };
  walk(input, 0, 0);
  return { values: new Float64Array(values), shape };
}

function isArray(value: unknown): value is ArrayLike<unknown> {
  return typeof value === "object" && value !== null && "length" in value;
}

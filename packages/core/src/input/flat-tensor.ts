import { LossflowError } from "../error.ts";
import type { Numbers, Tensor } from "../loss.ts";
import { sizeOfShape } from "./size-of-shape.ts";

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
  if (ArrayBuffer.isView(input)) return { values: input as unknown as Numbers, shape: [input.length] };
  const shape: number[] = [];
  for (let level: unknown = input; hasLength(level); level = level[0]) shape.push(level.length);
  const values = new Float64Array(sizeOfShape(shape));
  let at = 0;
  const fill = (level: unknown, depth: number): void => {
    if (!hasLength(level) || level.length !== shape[depth]) {
      const row = Math.floor(at / sizeOfShape(shape.slice(1)));
      throw new LossflowError(
        "LF_SHAPE",
        `Each array of the ${what} must have ${shape[depth]} entries, as the first.`,
        { row },
      );
    }
    for (let i = 0; i < level.length; i++) {
      const entry = level[i];
      if (depth < shape.length - 1) fill(entry, depth + 1);
      else if (typeof entry === "number") values[at++] = entry;
      else
        throw new LossflowError(
          "LF_NOT_A_NUMBER",
          `The ${what} holds ${String(entry)} at position ${at}: give numbers.`,
        );
    }
  };
  fill(input, 0);
  return { values, shape };
}

function hasLength(value: unknown): value is ArrayLike<unknown> {
  return typeof value === "object" && value !== null && "length" in value;
}

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
  const shape: number[] = [];
  let leaf: unknown = input;
  for (; hasLength(leaf); leaf = leaf[0]) shape.push(leaf.length);
  const depth = shape.length;
  const check = (entry: unknown): number => {
    if (typeof entry === "number" && depth > 0) return entry;
    const got = entry === null ? "null" : typeof entry;
    throw new LossflowError("LF_NOT_A_NUMBER", `The ${what} must be an array of numbers; it holds ${got}.`);
  };
  if (leaf !== undefined || depth === 0) check(leaf);
  if (ArrayBuffer.isView(input)) return { values: input as unknown as Numbers, shape };

  const values = new Float64Array(sizeOfShape(shape));
  let at = 0;
  const fill = (level: unknown, axis: number): void => {
    if (!hasLength(level) || level.length !== shape[axis]) {
      const row = Math.floor(at / sizeOfShape(shape.slice(1)));
      const text = `Each array of the ${what} must have ${shape[axis]} entries, as the first.`;
      throw new LossflowError("LF_SHAPE", text, { row });
    }
    for (let i = 0; i < level.length; i++) {
      if (axis < depth - 1) fill(level[i], axis + 1);
      else values[at++] = check(level[i]);
    }
  };
  fill(input, 0);
  return { values, shape };
}

function hasLength(value: unknown): value is ArrayLike<unknown> {
  return typeof value === "object" && value !== null && "length" in value;
}

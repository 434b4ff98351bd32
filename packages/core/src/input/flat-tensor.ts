import type { Numbers, Tensor } from "../loss.ts";
import { refuse, same } from "./refuse.ts";

/** Numbers in a row, and the axes they came in, slowest first. */
export type FlatTensor = readonly [values: Numbers, shape: readonly number[]];

/**
 * Lays arrays in arrays out as one; a typed array is taken as it is, not copied.
 * @throws LF_SHAPE where arrays of one depth differ in length; LF_NOT_A_NUMBER for anything but a number.
 */
export function flatTensor(input: Tensor, what: string): FlatTensor {
  const shape: number[] = [];
  const values: number[] = [];
  const walk = (entry: Entry, depth: number, row?: number): void => {
    // The way down to the first number tells the axes; all other arrays must be as long. What contains itself has no end.
    if (
      typeof entry === "object" &&
      typeof entry?.length === "number" &&
      depth < 99 &&
      (depth < shape.length || values.length === 0)
    ) {
      const { length } = entry;
      same("LF_SHAPE", `length of the ${what}`, length, (shape[depth] ??= length), row);
      for (let i = 0; i < length; i++) walk(entry[i]!, depth + 1, row ?? i);
    } else if (
      (typeof entry === "number" || (what === "mask" && typeof entry === "boolean")) &&
      depth > 0 &&
      depth === shape.length
    )
      values.push(+entry);
    else
      refuse(
        "LF_NOT_A_NUMBER",
        what,
        entry === null ? entry : typeof entry,
        depth && depth === shape.length ? "a number" : "an array of numbers",
        row,
      );
  };
  const flat = input as Numbers;
  if (ArrayBuffer.isView(input) && typeof flat[0] === "number") return [flat, [flat.length]];
  walk(input, 0);
  return [new Float64Array(values), shape];
}

type Entry = number | boolean | ArrayLike<Entry> | null;

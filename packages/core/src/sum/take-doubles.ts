/** Gives arrays of so many numbers, which will all be written. */
export type TakeDoubles = (length: number) => Float64Array;

/** Arrays of their own. */
export const newDoubles: TakeDoubles = (length) => new Float64Array(length);

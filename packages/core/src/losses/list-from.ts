/** A copy of a list of numbers, which nobody changes. What is none stays as it is, to be refused: an object of JSON may claim any length. */
export function listFrom<T>(given: T): T | number[] {
  return Array.isArray(given) || ArrayBuffer.isView(given)
    ? (Object.freeze(Array.from(given as unknown as ArrayLike<number>)) as number[])
    : given;
}

/** Gives the label of a number among classes: the position of the name that writes it, else the number itself. */
export function labelFromNumber(value: number, classes: readonly string[]): number {
  const named = classes.indexOf(String(value));
  return named === -1 ? value : named;
}

/** Gives the labels of many numbers; they are `values` themselves where no name is a number. */
export function labelsFromNumbers(
  values: Float32Array | Float64Array,
  classes: readonly string[] | undefined,
): Float32Array | Float64Array {
  const named = classes?.some((name) => String(Number(name)) === name) === true;
  return classes === undefined || !named
    ? values
    : Float64Array.from(values, (value) => labelFromNumber(value, classes));
}

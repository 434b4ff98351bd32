/** factor * loss, where a factor of 0 leaves nothing even of an infinite loss (0 ln 0 = 0), but hides no NaN. */
export function part(factor: number, loss: number): number {
  return factor === 0 && loss === loss ? 0 : factor * loss;
}

/** {@link part} of two, without a branch for the labels 0 and 1 to defeat: only NaN is looked into. */
export function sumOfParts(factor: number, loss: number, otherFactor: number, otherLoss: number): number {
  const sum = factor * loss + otherFactor * otherLoss;
  return sum === sum ? sum : part(factor, loss) + part(otherFactor, otherLoss);
}

/** factor * loss, where a factor of 0 leaves nothing even of an infinite loss (0 ln 0 = 0), but hides no NaN. */
export function part(factor: number, loss: number): number {
  return factor === 0 && loss === loss ? 0 : factor * loss;
}

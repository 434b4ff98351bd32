/**
 * (base + baseRest)^gamma (factor + factorRest), to the first order of both rests: what rounding took from the base would
 * count gamma times. Where the rests are no numbers, without them; an infinite factor outgrows a power that is 0 by underflow alone.
 */
export function powerOfPair(
  base: number,
  baseRest: number,
  gamma: number,
  factor: number,
  factorRest: number,
): number {
  const once = base * factor;
  const power = gamma === 2 ? base * base : base ** gamma;
  const value = gamma === 2 ? base * once : power * factor;
  const small = gamma === 2 ? 2 * baseRest * once : value * ((gamma * baseRest) / base);
  const sum = value + (small + power * factorRest);
  return sum === sum ? sum : value === value ? value : base && factor;
}

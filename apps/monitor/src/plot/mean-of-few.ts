import { ExactSum } from "@lossflow/core";

/** 2^27 + 1: splits a double into halves whose products are exact (Veltkamp). */
const SPLITTER = 134_217_729;
/** More than three times the square of half a unit in the last place of 1. */
const UNIT_SQUARED = 4e-32;
/** Beyond these nothing is said of products and remainders. */
const LARGEST = 1e290;
const SMALLEST = 1e-280;

/**
 * The exact mean of at most some hundred finite values, rounded once: the bits of an exact sum divided by the count, at a
 * tenth of its cost. The sum is carried in two doubles (Knuth's TwoSum), divided in two doubles, and where what was left
 * out might decide the rounding (Ziv's test: it almost never does) an exact sum is asked.
 */
export function meanOfFew(values: Float64Array): number {
  const count = values.length;
  let sum = 0;
  let rest = 0;
  let size = 0;
  for (let k = 0; k < count; k++) {
    const value = values[k]!;
    const next = sum + value;
    const added = next - sum;
    rest += sum - (next - added) + (value - added);
    sum = next;
    size += Math.abs(value);
  }
  const high = sum + rest;
  const low = rest - (high - sum);
  const quotient = high / count;
  const scaled = SPLITTER * quotient;
  const upper = scaled - (scaled - quotient);
  const product = quotient * count;
  const left = high - product - (upper * count - product + (quotient - upper) * count) + low;
  const correction = left / count;
  const mean = quotient + correction;
  const below = correction - (mean - quotient);
  const doubt = UNIT_SQUARED * (count * size + 16 * Math.abs(mean));
  const isCertain =
    size < LARGEST && Math.abs(mean) > SMALLEST && mean + (below + doubt) === mean + (below - doubt);
  return isCertain ? mean : exactMean(values);
}

function exactMean(values: Float64Array): number {
  const sum = new ExactSum();
  sum.addArray(values);
  const divisor = new ExactSum();
  divisor.add(values.length);
  return sum.quotient(divisor);
}

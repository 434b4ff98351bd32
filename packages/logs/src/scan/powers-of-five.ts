/**
 * The first 128 bits of 5^q for each q from `least` to `most`, the high word first, as the algorithm of Eisel and Lemire
 * asks: cut off, but from -27 to -1 rounded up, where 5^-q itself fits 64 bits.
 */
export function powersOfFive(least: number, most: number): BigUint64Array {
  const words = new BigUint64Array(2 * (most - least + 1));
  for (let q = least, i = 0; q <= most; q++) {
    const bits = 128n;
    const power = 5n ** BigInt(Math.abs(q));
    const size = BigInt(power.toString(2).length);
    const first =
      q >= 0
        ? size > bits
          ? power >> (size - bits)
          : power << (bits - size)
        : (1n << (bits + size - 1n)) / power + (q >= -27 ? 1n : 0n);
    words[i++] = first >> 64n;
    words[i++] = BigInt.asUintN(64, first);
  }
  return words;
}

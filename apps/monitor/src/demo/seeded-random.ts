/**
 * Makes a generator of numbers evenly spread over [0, 1), the same for the same seed on every machine.
 *
 * A Weyl sequence (the seed plus multiples of 2^32 over the golden ratio) scrambled by the finaliser of
 * MurmurHash3: integer arithmetic alone, period 2^32, good enough to shuffle rows and to draw weights.
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

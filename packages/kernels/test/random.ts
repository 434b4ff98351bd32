/**
 * Numbers that look random and are the same everywhere: a 64-bit mixer (SplitMix64) of a seed and a count. Its words are
 * held as halves of 32 bits, since the columns of the tests are of a hundred million numbers, and BigInt takes eight times as long.
 */
export class Random {
  #high: number;
  #low: number;

  constructor(seed: number) {
    const bits = BigInt.asUintN(64, BigInt(seed));
    this.#high = Number(bits >> 32n) | 0;
    this.#low = Number(bits & 0xffff_ffffn) | 0;
  }

  /** From 0 to 1, 1 excluded. */
  unit(): number {
    const sum = (this.#low >>> 0) + 0x7f4a7c15;
    this.#high = (this.#high + 0x9e3779b9 + (sum > 0xffff_ffff ? 1 : 0)) | 0;
    this.#low = sum | 0;
    let high = this.#high;
    let low = this.#low;
    low ^= (low >>> 30) | (high << 2);
    high ^= high >>> 30;
    high = (Math.imul(high, 0x1ce4e5b9) + Math.imul(low, 0xbf58476d) + upperHalf(low, 0x1ce4e5b9)) | 0;
    low = Math.imul(low, 0x1ce4e5b9);
    low ^= (low >>> 27) | (high << 5);
    high ^= high >>> 27;
    high = (Math.imul(high, 0x133111eb) + Math.imul(low, 0x94d049bb) + upperHalf(low, 0x133111eb)) | 0;
    low = Math.imul(low, 0x133111eb);
    low ^= (low >>> 31) | (high << 1);
    high ^= high >>> 31;
    return ((high >>> 0) * 2 ** 21 + (low >>> 11)) * 2 ** -53;
  }

  /** Sum of twelve units less 6: close to a normal distribution, by additions alone. */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.unit();
    return sum;
  }

  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

/** The upper 32 bits of the product of two words of 32 bits. */
function upperHalf(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const cross = aHigh * bLow + ((aLow * bLow) >>> 16);
  const middle = (cross & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(cross / 2 ** 16) + Math.floor(middle / 2 ** 16)) | 0;
}

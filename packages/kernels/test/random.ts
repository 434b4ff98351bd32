/** Numbers that look random and are the same everywhere: a 64-bit mixer (SplitMix64) of a seed and a count. */
export class Random {
  #state: bigint;

  constructor(seed: number) {
    this.#state = BigInt(seed);
  }

  /** From 0 to 1, 1 excluded. */
  unit(): number {
    return Number(this.#next() >> 11n) * 2 ** -53;
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

  #next(): bigint {
    this.#state = BigInt.asUintN(64, this.#state + 0x9e3779b97f4a7c15n);
    let z = this.#state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  }
}

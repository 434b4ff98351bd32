/** Points of a loss after which the number of its decimals is told. */
const POINTS = 128;
const COARSE = 4;

/** Finds out how finely a loss is printed: up to four decimals hide what happens below them. */
export class DecimalsWatch {
  readonly #decimals: number[] = [];
  #told = false;

  /** Tells whether the points of a series from number `count` on need not be watched. */
  isDone(count: number): boolean {
    return this.#told || count >= POINTS;
  }

  /** Takes point number `count` of a series; returns the decimals of the first loss that has few, once. */
  add(series: number, name: string, count: number, value: number): number | null {
    const finest = this.#decimals[series] ?? 0;
    if (this.#told || finest > COARSE) return null;
    const decimals = Math.max(finest, decimalsOf(value));
    this.#decimals[series] = decimals;
    if (count !== POINTS || decimals < 1 || decimals > COARSE) return null;
    if (!/loss|^(?:train|trl)$/i.test(name)) return null;
    this.#told = true;
    return decimals;
  }
}

/** How many decimals `value` needs, up to one more than is coarse. */
function decimalsOf(value: number): number {
  if (!Number.isFinite(value)) return 0;
  for (let k = 0; k <= COARSE; k++) {
    const scaled = value * 10 ** k;
    if (Math.abs(scaled - Math.round(scaled)) <= Math.abs(scaled) * 1e-12) return k;
  }
  return COARSE + 1;
}

import { DebiasedEma } from "@lossflow/series";

/** Smoothed values kept at most; 16 bytes each. */
const KEPT = 1_024;

/**
 * Smooths a series point by point and keeps every k-th smoothed value; k doubles whenever the room is full. What is
 * left out lies between its neighbours: a smooth line has no spikes to lose, and the raw line behind keeps its own.
 */
export class SmoothedTrace {
  readonly #ema: DebiasedEma;
  readonly #steps: Float64Array = new Float64Array(KEPT);
  readonly #values: Float64Array = new Float64Array(KEPT);
  #kept = 0;
  #every = 1;
  #seen = 0;

  constructor(weight: number) {
    this.#ema = new DebiasedEma(weight);
  }

  /** Method and weight, for a legend. */
  get label(): string {
    return this.#ema.label;
  }

  add(step: number, value: number, segment: number): void {
    const smoothed = this.#ema.add(step, value, segment);
    if (this.#seen++ % this.#every !== 0) return;
    if (this.#kept === KEPT) this.#thin();
    this.#steps[this.#kept] = step;
    this.#values[this.#kept++] = smoothed;
  }

  /** The last kept value of each of `pixels` columns over the steps `from .. to`, NaN where there is none. */
  columns(from: number, to: number, pixels: number): Float64Array {
    const columns = new Float64Array(pixels).fill(Number.NaN);
    const scale = to > from ? pixels / (to - from) : 0;
    for (let i = 0; i < this.#kept; i++) {
      const step = this.#steps[i]!;
      if (step < from || step > to) continue;
      columns[Math.min(pixels - 1, Math.floor((step - from) * scale))] = this.#values[i]!;
    }
    return columns;
  }

  #thin(): void {
    this.#kept /= 2;
    this.#every *= 2;
    for (let i = 0; i < this.#kept; i++) {
      this.#steps[i] = this.#steps[2 * i]!;
      this.#values[i] = this.#values[2 * i]!;
    }
  }
}

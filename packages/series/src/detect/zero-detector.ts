/** A stretch in which a loss is exactly 0, now and then at least. */
export interface ZeroIncident {
  readonly step: number;
  readonly lastStep: number;
  /** Points that are 0. */
  readonly count: number;
  readonly metric: string;
  readonly value: 0;
  readonly message: string;
}

/**
 * Finds a loss that is exactly 0.
 *
 * Rule: the first 0 opens an incident, which ends with 16 points in a row that are not 0; later ones count for it. A loss
 * of 0 is seldom learnt: labels all masked or ignored, an empty batch, a factor of 0, a mean over nothing.
 *
 * Fires falsely on: hinge and triplet losses, of which 0 is the aim; losses of boxes or classes that a batch may lack;
 * losses printed with few decimals.
 */
export class ZeroDetector {
  readonly #metric: string;
  #open: { -readonly [K in keyof ZeroIncident]: ZeroIncident[K] } | null = null;
  #since = 0;

  constructor(metric: string) {
    this.#metric = metric;
  }

  /** @returns the incident that this point opens, else null; it grows as events do. */
  add(step: number, value: number): ZeroIncident | null {
    if (value !== 0) {
      if (++this.#since >= APART) this.#open = null;
      return null;
    }
    this.#since = 0;
    if (this.#open !== null) {
      this.#open.count++;
      this.#open.lastStep = step;
      return null;
    }
    const metric = this.#metric;
    this.#open = {
      step,
      lastStep: step,
      count: 1,
      metric,
      value: 0,
      get message(): string {
        const more = this.count === 1 ? "" : ` and ${this.count} times to step ${this.lastStep}`;
        return `${metric} is exactly 0 at step ${this.step}${more}: masked labels, an empty batch or a factor of 0?`;
      },
    };
    return this.#open;
  }

  /** Forgets what came before; an open incident ends. */
  reset(): void {
    this.#open = null;
  }
}

const APART = 16;

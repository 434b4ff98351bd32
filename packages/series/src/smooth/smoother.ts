/**
 * Smooths a series point by point, over the full stream. Never across a NaN, an infinity, a new segment or a step that
 * goes back: there it starts afresh.
 */
export interface Smoother {
  /** What a legend says: method and window. */
  readonly label: string;
  /** Adds a point. @returns the smoothed value there; NaN where the value is not finite. */
  add(step: number, value: number, segment?: number): number;
}

/** The part that all smoothers share: where to start afresh. */
export class Continuity {
  #step = -Infinity;
  #segment = 0;
  #finite = false;

  /** Whether this point goes on from the one before it. */
  goesOn(step: number, value: number, segment: number): boolean {
    const goesOn = this.#finite && segment === this.#segment && step >= this.#step;
    this.#finite = Number.isFinite(value);
    this.#step = step;
    this.#segment = segment;
    return goesOn && this.#finite;
  }
}

/**
 * Smooths a series point by point, over the full stream. Never across a NaN, an infinity, a new segment, a step that
 * goes back or a gap (more than 20 times the usual stride between two points): there it starts afresh.
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
  /** How far points usually stand apart, once eight strides are known. */
  #stride = 0;
  #strides = 0;

  /** Whether this point goes on from the one before it. */
  goesOn(step: number, value: number, segment: number): boolean {
    const goesOn =
      this.#finite && segment === this.#segment && step >= this.#step && !this.#isGap(step - this.#step);
    this.#finite = Number.isFinite(value);
    this.#step = step;
    this.#segment = segment;
    return goesOn && this.#finite;
  }

  #isGap(stride: number): boolean {
    // Several points of one step or epoch have no stride.
    if (stride === 0) return false;
    if (this.#strides >= LEAST_STRIDES && stride > GAP * this.#stride) return true;
    this.#strides++;
    this.#stride += (stride - this.#stride) / Math.min(this.#strides, MOST_STRIDES);
    return false;
  }
}

/** A pause of this many usual strides is a gap. */
const GAP = 20;
const LEAST_STRIDES = 8;
/** The usual stride follows as a mean over about this many. */
const MOST_STRIDES = 32;

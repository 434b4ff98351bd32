/** Distances seen before one can be unusual, and how many times the usual one a gap is. */
const SEEN = 8;
const UNUSUAL = 10;
/** How fast what is usual follows. */
const PACE = 0.1;

/**
 * Numbers the stretches of a series that go on without a break: a new one begins at a new segment, at a step that goes
 * back, and after a gap, ten times as many steps as usually lie between two points and lay between the last two. No line leads from one to the next.
 */
export class Stretches {
  #stretch = 0;
  #segment = 0;
  #step = Number.NaN;
  #usual = 0;
  #before = 0;
  #seen = 0;

  /** The number of the stretch that a point belongs to. */
  next(step: number, segment: number): number {
    const distance = step - this.#step;
    if (segment !== this.#segment || distance < 0) this.#stretch++;
    else if (distance > 0) {
      const usual = Math.max(this.#usual, this.#before);
      if (this.#seen >= SEEN && distance > UNUSUAL * usual) this.#stretch++;
      this.#before = distance;
      this.#usual = this.#seen === 0 ? distance : this.#usual + PACE * (distance - this.#usual);
      this.#seen++;
    }
    this.#segment = segment;
    this.#step = step;
    return this.#stretch;
  }
}

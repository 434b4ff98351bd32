const FIRST_SIZE = 64;
const HELD_OUT = /(?:^|[/_. -])(?:val(?:id(?:ation)?)?|eval(?:uation)?|dev|test(?:ing)?)(?:[/_. -]|$)/i;

/**
 * Where each series of a run stands: what tells a resume, and whether a step was told before.
 *
 * What is measured on held-out data may count steps of its own, anew in each validation: it does where its first step lies
 * behind the run's, and then says nothing of the run's course.
 */
export class SeriesCourses {
  #lastSteps = new Float64Array(FIRST_SIZE);
  #lastEpochs = new Float64Array(FIRST_SIZE);
  #lastSegments = new Int32Array(FIRST_SIZE).fill(-1);
  /** The first two steps of each series in its segment. */
  #firstSteps = new Float64Array(FIRST_SIZE);
  #secondSteps = new Float64Array(FIRST_SIZE);
  /** 1: held-out data; 2: it counts for itself. */
  #kinds = new Uint8Array(FIRST_SIZE);
  #count = 0;
  #segment = 0;
  /** The run's highest step in the segment. */
  #highest = -Infinity;

  /** Opens the course of a further series. */
  open(name: string): void {
    if (this.#count === this.#kinds.length) this.#grow();
    this.#kinds[this.#count++] = HELD_OUT.test(name) ? 1 : 0;
  }

  /** The last step of a series. */
  lastStep(series: number): number {
    return this.#lastSteps[series]!;
  }

  /** Tells whether a series has a point in the segment. */
  isIn(series: number, segment: number): boolean {
    return this.#lastSegments[series] === segment;
  }

  /** Tells whether a run that comes to `step` with this series went back: below its last step, and in no later epoch. */
  goesBack(series: number, step: number, epoch: number, segment: number): boolean {
    return (
      this.#lastSegments[series] === segment &&
      step < this.#lastSteps[series]! &&
      !(epoch > this.#lastEpochs[series]! && epoch !== step) &&
      this.#kinds[series] !== 2
    );
  }

  /** Notes points of a series, at `step` and, of several, at `second` next and `last` at the end; NaN where there is none. */
  take(
    series: number,
    step: number,
    epoch: number,
    segment: number,
    second: number = NaN,
    last: number = step,
  ): void {
    if (segment !== this.#segment) {
      this.#segment = segment;
      this.#highest = -Infinity;
    }
    if (this.#lastSegments[series] !== segment) {
      this.#firstSteps[series] = step;
      this.#secondSteps[series] = second;
      if (this.#kinds[series] !== 0) this.#kinds[series] = step < this.#highest ? 2 : 1;
    } else if (Number.isNaN(this.#secondSteps[series])) this.#secondSteps[series] = step;
    this.#lastSteps[series] = last;
    this.#lastEpochs[series] = epoch;
    this.#lastSegments[series] = segment;
    if (last > this.#highest) this.#highest = last;
  }

  /** Tells whether the series has a point at `step`: boosters print every n-th round. */
  isTold(series: number, step: number, segment: number): boolean {
    if (this.#lastSegments[series] !== segment) return false;
    const first = this.#firstSteps[series]!;
    const last = this.#lastSteps[series]!;
    const stride = this.#secondSteps[series]! - first;
    return step === last || step === first || (first < step && step < last && (step - first) % stride === 0);
  }

  #grow(): void {
    const size = this.#kinds.length * 2;
    const grown = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(size);
      to.set(from);
      return to;
    };
    this.#lastSteps = grown(this.#lastSteps);
    this.#lastEpochs = grown(this.#lastEpochs);
    this.#firstSteps = grown(this.#firstSteps);
    this.#secondSteps = grown(this.#secondSteps);
    const segments = new Int32Array(size).fill(-1);
    segments.set(this.#lastSegments);
    this.#lastSegments = segments;
    const kinds = new Uint8Array(size);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
  }
}

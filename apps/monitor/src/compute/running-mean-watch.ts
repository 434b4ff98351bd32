/** Points of an epoch that can tell, and epochs that must. */
const LEAST_POINTS = 40;
const LEAST_EPOCHS = 3;
const MOST_POINTS = 4_096;
/** Steps of a mean over n points shrink as 1 / n: between the second and the last quarter of an epoch 2.3 times. */
const CALMER = 1.4;

/**
 * Tells a loss that is the mean since the epoch began (progress bars print that) from one of each step: its steps grow
 * smaller and smaller within an epoch, and large again with the next.
 */
export class RunningMeanWatch {
  #steps: number[] = [];
  #epoch = Number.NaN;
  #last = Number.NaN;
  #told = 0;
  #calm = 0;

  add(value: number, epoch: number): void {
    if (Number.isNaN(epoch) || !Number.isFinite(value)) return;
    if (Math.floor(epoch) !== this.#epoch) {
      this.#close();
      this.#epoch = Math.floor(epoch);
      this.#last = value;
      return;
    }
    if (this.#steps.length < MOST_POINTS) this.#steps.push(value - this.#last);
    this.#last = value;
  }

  /** How many epochs show it, of how many that can; null where it is no running mean or cannot be told. */
  finding(): { readonly calm: number; readonly told: number } | null {
    return this.#told >= LEAST_EPOCHS && this.#calm >= 0.75 * this.#told
      ? { calm: this.#calm, told: this.#told }
      : null;
  }

  #close(): void {
    const steps = this.#steps;
    this.#steps = [];
    if (steps.length < LEAST_POINTS) return;
    const quarter = steps.length >> 2;
    const [first, second, last] = [
      steps.slice(0, quarter),
      steps.slice(quarter, 2 * quarter),
      steps.slice(-quarter),
    ].map(unevennessOf) as [number, number, number];
    this.#told++;
    if (first > CALMER * second && second > CALMER * last) this.#calm++;
  }
}

/** How far steps lie from their median: the fall of the loss does not count. */
function unevennessOf(steps: number[]): number {
  const middle = median(steps);
  return median(steps.map((step) => Math.abs(step - middle)));
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1]!;
}

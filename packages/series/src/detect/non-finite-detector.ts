import type { Detector, OpenEvent, SeriesEvent } from "./detector.ts";

/**
 * Finds stretches of NaN (`nan`) and of infinities (`inf`): each run of consecutive such points is one incident.
 * It has no threshold and raises no false alarm, but a log that writes NaN for "not measured" (Lightning's sparse
 * tables aside, whose empty cells are no points) will show it.
 */
export class NonFiniteDetector implements Detector {
  readonly #metric: string;
  #open: OpenEvent | null = null;
  /** Tells the open incident that its infinities have both signs. */
  #setMixed: () => void = () => undefined;

  constructor(metric: string) {
    this.#metric = metric;
  }

  add(step: number, value: number): SeriesEvent | null {
    if (Number.isFinite(value)) {
      this.#open = null;
      return null;
    }
    const kind = Number.isNaN(value) ? "nan" : "inf";
    if (this.#open?.kind === kind) {
      this.#open.count++;
      this.#open.lastStep = step;
      if (kind === "inf" && value !== this.#open.value) this.#setMixed();
      return null;
    }
    const metric = this.#metric;
    let isMixed = false;
    this.#setMixed = () => (isMixed = true);
    this.#open = {
      kind,
      step,
      lastStep: step,
      count: 1,
      metric,
      value,
      get message(): string {
        const more =
          this.count === 1
            ? ""
            : ` and stays ${isMixed ? "infinite, of either sign," : "so"} for ${this.count} points, to step ${this.lastStep}`;
        return `${metric} becomes ${value} at step ${step}${more}.`;
      },
    };
    return this.#open;
  }

  reset(): void {
    this.#open = null;
  }
}

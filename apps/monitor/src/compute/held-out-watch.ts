import type { Place } from "@lossflow/logs";
import { OverfitDetector, type SeriesEvent } from "@lossflow/series";
import { isHeldOutName, trainMetricOf } from "./main-metric.ts";

/** Pairs each held-out loss of a run with its training loss, and watches whether one rises while the other falls. */
export class HeldOutWatch {
  readonly #names: string[] = [];
  readonly #heldOut: boolean[] = [];
  /** By the handle of the held-out loss, and of the training loss it belongs to. */
  #detectors = new Map<number, OverfitDetector>();
  #fedBy = new Map<number, OverfitDetector[]>();
  #paired = 0;
  #segment = 0;

  series(name: string): void {
    this.#names.push(name);
    this.#heldOut.push(isHeldOutName(name));
  }

  /** Takes a point. @returns the event of an incident that it opens, else null. */
  point(series: number, value: number, { step, segment }: Readonly<Place>): SeriesEvent | null {
    if (this.#paired < this.#names.length) this.#pair();
    if (segment !== this.#segment) {
      this.#segment = segment;
      for (const detector of this.#detectors.values()) detector.reset();
    }
    const fed = this.#fedBy.get(series);
    if (fed !== undefined) for (const detector of fed) detector.addTrain(value);
    return this.#heldOut[series] === true
      ? (this.#detectors.get(series)?.addHeldOut(step, value) ?? null)
      : null;
  }

  /** Whether an incident of this held-out loss lasts. */
  isRising(series: number): boolean {
    return this.#detectors.get(series)?.open === true;
  }

  /** Pairs anew when a series has come; what has met its partner keeps it. */
  #pair(): void {
    this.#paired = this.#names.length;
    for (const [series, isHeldOut] of this.#heldOut.entries()) {
      if (!isHeldOut || this.#detectors.has(series)) continue;
      const name = this.#names[series]!;
      const train = trainMetricOf(name, this.#names);
      if (train === null) continue;
      const detector = new OverfitDetector(train, name);
      this.#detectors.set(series, detector);
      const at = this.#names.indexOf(train);
      this.#fedBy.set(at, [...(this.#fedBy.get(at) ?? []), detector]);
    }
  }
}

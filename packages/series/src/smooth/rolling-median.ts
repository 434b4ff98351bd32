import { SortedWindow } from "../sorted-window.ts";
import { checkPoints } from "./rolling-mean.ts";
import { Continuity, type Smoother } from "./smoother.ts";

/**
 * Smooths by the median of the last `points` values (fewer at the start; of an even count the lower of the two in the
 * middle): a spike shorter than half of the window leaves no trace. A point costs O(points).
 * @throws LF_BAD_PARAMETER where `points` is not a whole number from 1 to 2^20.
 */
export class RollingMedian implements Smoother {
  readonly label: string;
  readonly #window: SortedWindow;
  readonly #continuity: Continuity = new Continuity();

  constructor(points: number) {
    this.#window = new SortedWindow(checkPoints(points));
    this.label = `median of ${points}`;
  }

  add(step: number, value: number, segment: number = 0): number {
    if (!this.#continuity.goesOn(step, value, segment)) this.#window.clear();
    if (!Number.isFinite(value)) return Number.NaN;
    this.#window.add(value);
    return this.#window.quantile(0.5);
  }
}

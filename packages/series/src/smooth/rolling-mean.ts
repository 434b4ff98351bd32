import { ExactSum } from "@lossflow/core";
import { refuseParameter } from "../refuse-parameter.ts";
import { Continuity, type Smoother } from "./smoother.ts";

/**
 * Smooths by the mean of the last `points` values (fewer at the start). Sum and mean are exact, rounded once:
 * what has left the window leaves no trace.
 * @throws LF_BAD_PARAMETER where `points` is not a whole number from 1 to 2^20.
 */
export class RollingMean implements Smoother {
  readonly label: string;
  readonly #ring: Float64Array;
  readonly #continuity: Continuity = new Continuity();
  #sum: ExactSum = new ExactSum();
  #count: ExactSum = new ExactSum();
  #filled = 0;
  #next = 0;

  constructor(points: number) {
    this.#ring = new Float64Array(checkPoints(points));
    this.label = `mean of ${points}`;
  }

  add(step: number, value: number, segment: number = 0): number {
    if (!this.#continuity.goesOn(step, value, segment)) {
      this.#sum = new ExactSum();
      this.#count = new ExactSum();
      this.#filled = this.#next = 0;
    }
    if (!Number.isFinite(value)) return Number.NaN;
    if (this.#filled === this.#ring.length) this.#sum.add(-this.#ring[this.#next]!);
    else {
      this.#filled++;
      this.#count.add(1);
    }
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.#ring.length;
    this.#sum.add(value);
    return this.#sum.quotient(this.#count);
  }
}

/** @throws LF_BAD_PARAMETER where `points` is not a whole number from 1 to 2^20. */
export function checkPoints(points: number): number {
  if (Number.isInteger(points) && points >= 1 && points <= 2 ** 20) return points;
  return refuseParameter("A window has a whole number of points from 1 to 1,048,576", points);
}

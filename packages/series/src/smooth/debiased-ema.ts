import { refuseParameter } from "../refuse-parameter.ts";
import { meanTowards } from "./mean-towards.ts";
import { Continuity, type Smoother } from "./smoother.ts";

/**
 * Smooths by an exponential moving average without the bias of its start: the weighted mean of all values so far, each
 * point back weighing `weight` times as much, sum of weight^k x[i-k] / sum of weight^k.
 *
 * `weight` in [0, 1) is what TensorBoard's slider sets; 0 leaves the values as they are, 0.99 averages over about 100 points. The
 * first smoothed value is the first value itself.
 * @throws LF_BAD_PARAMETER for any other weight.
 */
export class DebiasedEma implements Smoother {
  readonly label: string;
  readonly #weight: number;
  readonly #continuity: Continuity = new Continuity();
  #mean = 0;
  #weights = 0;

  constructor(weight: number) {
    if (!(typeof weight === "number" && weight >= 0 && weight < 1))
      refuseParameter("The weight of an average is from 0 up to, without, 1", weight);
    this.#weight = weight;
    this.label = `EMA ${weight}`;
  }

  add(step: number, value: number, segment: number = 0): number {
    if (!this.#continuity.goesOn(step, value, segment)) this.#mean = this.#weights = 0;
    if (!Number.isFinite(value)) return Number.NaN;
    const before = this.#weight * this.#weights;
    this.#weights = before + 1;
    this.#mean = meanTowards(this.#mean, before, value);
    return this.#mean;
  }
}

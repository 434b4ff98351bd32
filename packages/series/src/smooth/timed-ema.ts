import { refuseParameter } from "../refuse-parameter.ts";
import { meanTowards } from "./mean-towards.ts";
import { Continuity, type Smoother } from "./smoother.ts";

/**
 * Smooths points at uneven steps: a weighted mean in which a point `halfLife` steps back weighs half, without the bias
 * of its start, sum of 2^-(age / halfLife) x / sum of 2^-(age / halfLife). At even steps the same as {@link DebiasedEma}
 * with weight 2^-(1 / halfLife). Steps may as well be seconds or tokens.
 * @throws LF_BAD_PARAMETER where `halfLife` is not above 0.
 */
export class TimedEma implements Smoother {
  readonly label: string;
  readonly #halfLife: number;
  readonly #continuity: Continuity = new Continuity();
  #mean = 0;
  #weights = 0;
  #step = 0;

  constructor(halfLife: number) {
    if (!(typeof halfLife === "number" && halfLife > 0)) refuseParameter("A half-life is above 0", halfLife);
    this.#halfLife = halfLife;
    this.label = `EMA, half-life ${halfLife}`;
  }

  add(step: number, value: number, segment: number = 0): number {
    if (!this.#continuity.goesOn(step, value, segment)) this.#mean = this.#weights = 0;
    if (!Number.isFinite(value)) return Number.NaN;
    const before = this.#weights && this.#weights * 2 ** ((this.#step - step) / this.#halfLife);
    this.#step = step;
    this.#weights = before + 1;
    this.#mean = meanTowards(this.#mean, before, value);
    return this.#mean;
  }
}

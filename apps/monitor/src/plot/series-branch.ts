import { Pyramid, type Buckets } from "@lossflow/series";
import { type Places, STATED_AXES, type StatedAxis } from "./axis.ts";

/** Buckets along an axis that the log states besides the steps, as a share of those along the steps. */
const SIDE = 1 / 4;

/** The points of a series in one segment of its run, along every axis that they state. */
export class SeriesBranch {
  readonly segment: number;
  readonly #resolution: number;
  readonly #pyramids: Map<StatedAxis, Pyramid> = new Map();

  constructor(segment: number, resolution: number) {
    this.segment = segment;
    this.#resolution = resolution;
  }

  /** Bytes that its buckets take. */
  get bytes(): number {
    return [...this.#pyramids.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  add(value: number, places: Places, stretch: number): void {
    for (const axis of STATED_AXES) {
      const x = places[axis];
      if (Number.isNaN(x)) continue;
      let pyramid = this.#pyramids.get(axis);
      if (pyramid === undefined) {
        const resolution = axis === "step" ? this.#resolution : this.#resolution * SIDE;
        this.#pyramids.set(axis, (pyramid = new Pyramid({ resolution })));
      }
      pyramid.add(x, value, stretch);
    }
  }

  /** Forgets what an axis has said. */
  drop(axis: StatedAxis): void {
    this.#pyramids.delete(axis);
  }

  /** Keeps fewer buckets from now on: it shares those of one branch with `closed` others that have come to an end. */
  close(closed: number): void {
    const resolution = this.#resolution / 2 ** Math.ceil(Math.log2(closed));
    for (const [axis, pyramid] of this.#pyramids)
      pyramid.coarsen(axis === "step" ? resolution : resolution * SIDE);
  }

  /** Takes the points of the branch after this one. */
  append(later: SeriesBranch): void {
    for (const [axis, pyramid] of later.#pyramids) {
      const own = this.#pyramids.get(axis);
      if (own === undefined) this.#pyramids.set(axis, pyramid);
      else own.append(pyramid);
    }
  }

  along(axis: StatedAxis): Pyramid | undefined {
    return this.#pyramids.get(axis);
  }

  /** Everything along an axis as one bucket. */
  total(axis: StatedAxis): Buckets | undefined {
    return this.#pyramids.get(axis)?.total();
  }
}

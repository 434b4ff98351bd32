import { POSITION } from "./line-meaning.ts";
import { isSaid } from "./line-shapes.ts";

/** The last line that a lone CR stood beside: what it said need not be said again. */
export class DrawnBar {
  #values: Float64Array = new Float64Array(0);
  #targets: Int32Array = new Int32Array(0);

  /** Takes the next one: returns what of it was said already by series, or null where it says what the last one said. */
  draw(values: Float64Array, targets: Int32Array): ReadonlyMap<number, number> | null {
    const before = this.#values;
    const beforeTargets = this.#targets;
    if (values.length > 0 && isSaid(values, targets, before, beforeTargets)) return null;
    const position = targets.indexOf(POSITION);
    // A full bar drawn once more adds what was measured after it (Keras): the rest is said already.
    const stands = position >= 0 && this.#standsAt(values[position]!);
    this.#values = values.slice();
    this.#targets = targets;
    return stands ? new Map(Array.from(beforeTargets, (target, i) => [target, before[i]!])) : NOTHING_SAID;
  }

  /** Forgets the last one: the next says what it says anew. */
  forget(): void {
    this.#values = new Float64Array(0);
  }

  /** What a bar at `position` said of a series; nothing where the last one stood elsewhere. */
  valueAt(position: number, target: number): number | undefined {
    return this.#standsAt(position) ? this.#values[this.#targets.indexOf(target)] : undefined;
  }

  #standsAt(position: number): boolean {
    return this.#values[this.#targets.indexOf(POSITION)] === position;
  }
}

/** What a line has said that stands by itself. */
export const NOTHING_SAID: ReadonlyMap<number, number> = new Map();

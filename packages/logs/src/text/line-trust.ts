import type { LineReading } from "./line-reading.ts";

const MOST_HELD = 64;
/** Repeated lines after which the log is one that trains, whatever else stands in it. */
const ENOUGH_REPEATED = 3;

/**
 * Decides which lines count as measurements. Most readings are sure by themselves. One that is only likely (`loss: 0.5` in a
 * file that may be a config) waits until a line of its shape, or a sure one, comes; what waits is handed out in its order.
 */
export class LineTrust<T> {
  #sure = false;
  /** A place or something that is likely to measure has come. */
  #begun = false;
  #repeated = 0;
  #held: { readonly shape: string; readonly line: T }[] = [];
  readonly #known = new Set<string>();

  /** Whether the log is one that trains. */
  get isSure(): boolean {
    return this.#sure;
  }

  /**
   * Takes a reading. Returns the lines that waited for it and are to be read before it, or null where it does not count
   * by now; `hold` makes what is kept of it.
   */
  admit(reading: LineReading, hold: () => T): readonly T[] | null {
    const { certainty } = reading;
    if (certainty === undefined) {
      this.#begun ||= reading.fields.some(({ role }) => role === "step" || role === "epoch");
      if (this.#sure || !measures(reading)) return NOTHING;
      this.#sure = true;
      return this.#release(() => true);
    }
    if (this.#sure) return NOTHING;
    const shape = shapeOf(reading);
    if (certainty === "beside") {
      // What stands before the first place and measure is mostly of settings.
      if (this.#begun && this.#held.length < MOST_HELD) this.#held.push({ shape: "", line: hold() });
      return null;
    }
    this.#begun = true;
    if (this.#known.has(shape)) {
      this.#sure = ++this.#repeated >= ENOUGH_REPEATED;
      return this.#sure ? this.#release(() => true) : NOTHING;
    }
    if (this.#held.some((held) => held.shape === shape)) {
      this.#known.add(shape);
      return this.#release((held) => held === shape);
    }
    if (this.#held.length < MOST_HELD) this.#held.push({ shape, line: hold() });
    return null;
  }

  #release(wanted: (shape: string) => boolean): readonly T[] {
    const released = this.#held.filter(({ shape }) => wanted(shape));
    this.#held = this.#held.filter(({ shape }) => !wanted(shape));
    return released.map(({ line }) => line);
  }
}

const NOTHING: readonly never[] = [];

/** Tells whether a reading has a point; a header or a place alone is no sign of a log. */
export function measures(reading: LineReading): boolean {
  return (reading.points?.length ?? 0) > 0 || reading.fields.some((field) => field.role === "point");
}

function shapeOf(reading: LineReading): string {
  return reading.fields.map(({ role, name }) => `${role} ${name ?? ""}`).join("\n");
}

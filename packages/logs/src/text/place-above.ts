import type { LineReading } from "./line-reading.ts";
import { measures } from "./line-trust.ts";

/** A line that only parts others. */
const RULE = /^\s*[-=*_#~]+\s*$/;

/** Whether an indented line stands below one that names an epoch or step alone: what it says was measured there. */
export class PlaceAbove {
  #isOpen = false;

  /** Whether lines stand below a place, if they are indented. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Takes a line whose message begins at `start`, and what was read of it. */
  note(line: string, start: number, reading: LineReading | null): void {
    if (reading !== null && isPlaceAlone(reading)) this.#isOpen = true;
    else if (RULE.test(line)) return;
    else if (start > 0 || !/^\s/.test(line)) this.#isOpen = false;
  }
}

function isPlaceAlone(reading: LineReading): boolean {
  return !measures(reading) && reading.fields.some(({ role }) => role === "step" || role === "epoch");
}

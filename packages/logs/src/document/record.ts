import { axisFromName, isTagName, isTagValue, stepPreference } from "../axes.ts";
import { ClockScanner } from "../bytes/clock-scanner.ts";
import { NumberScanner } from "../bytes/number-scanner.ts";
import { NUMBER } from "../text/number-pattern.ts";
import type { RunTrack } from "../run-track.ts";

/** One value of a record, under keys joined with "/". */
export interface Entry {
  readonly path: string;
  readonly value: number | string;
}

const WHOLE = new RegExp(`^${NUMBER}$`);

/** The numbers that a text spells whole, or null: `"2.1"` is a number, `"2.1 s"` is none. */
export function numberFromText(text: string): number | null {
  const word = text.trim();
  if (!WHOLE.test(word)) return null;
  const plain = Number(word);
  if (!Number.isNaN(plain)) return plain;
  const bytes = Uint8Array.from(word, (c) => c.charCodeAt(0));
  const numbers = new NumberScanner();
  numbers.scan(bytes, 0, bytes.length);
  return numbers.value;
}

/** Adds a record's points, placed by its own axis fields; returns how many there were. */
export function addRecord(track: RunTrack, entries: readonly Entry[]): number {
  let step: Entry | null = null;
  let epoch = NaN;
  let time = NaN;
  let rank = -1;
  let tag = "";
  const points: { name: string; value: number }[] = [];
  for (const entry of entries) {
    const number = typeof entry.value === "number" ? entry.value : numberFromText(entry.value);
    const axis = axisFromName(entry.path);
    if (number === null) {
      const text = String(entry.value);
      if (tag === "" && text !== "" && (isTagName(entry.path) || isTagValue(entry.path, text)))
        tag = `${text}/`;
      else if (axis === "time") time = secondsFromText(text);
    } else if (axis === "step") {
      if (step === null || stepPreference(entry.path) < stepPreference(step.path)) step = entry;
    } else if (axis === "epoch") epoch = number;
    else if (axis === "time") time = number;
    else if (axis === "rank") rank = number;
    else points.push({ name: entry.path, value: number });
  }
  track.begin(step === null ? NaN : Number(step.value), epoch, time, rank);
  for (const { name, value } of points) track.point(track.series(tag + name), value);
  const average = points.find(({ name }) => name === "train_loss");
  if (average !== undefined && points.some(({ name }) => name === "train_runtime")) {
    track.incident("average", AVERAGE, { metric: tag + average.name, value: average.value, alone: true });
  }
  return points.length;
}

/** What the event on Hugging Face's last record says. */
export const AVERAGE =
  "train_loss is the mean over the whole run, written once at its end; it is no point of the loss.";

function secondsFromText(text: string): number {
  const bytes = new TextEncoder().encode(text);
  const clock = new ClockScanner();
  return clock.scan(bytes, 0, bytes.length) > 0 ? clock.value : NaN;
}

import { byteText, textFromBytes } from "./bytes/byte-text.ts";
import type { IgnoredSample, LineCounts } from "./record.ts";

const MOST_SAMPLES = 20;
const LONGEST_SAMPLE = 200;

/** Counts lines as they are read or ignored, and keeps the first few ignored ones with the reason. */
export class LineTally implements LineCounts {
  read = 0;
  ignored = 0;
  readonly samples: IgnoredSample[] = [];

  /** Lines so far. */
  get total(): number {
    return this.read + this.ignored;
  }

  /** Counts the line at hand as ignored; blank lines (no `why`) are not sampled. */
  ignore(why: string | null, bytes: Uint8Array, start: number, end: number): void {
    this.ignored++;
    if (why === null || this.samples.length >= MOST_SAMPLES) return;
    const text = textFromBytes(byteText(bytes, start, Math.min(end, start + LONGEST_SAMPLE)));
    this.samples.push({ line: this.total, text, why });
  }

  /** Takes an ignored line back: it turned out to be one that counts. */
  reclaim(line: number): void {
    this.ignored--;
    const at = this.samples.findIndex((sample) => sample.line === line);
    if (at >= 0) this.samples.splice(at, 1);
  }
}

import type { EventKind } from "../record.ts";
import type { PlaceAbove } from "./place-above.ts";

/**
 * What a field of a line is: a point of a series, or the line's place. `clock` is a calendar stamp; `position` moves
 * while a progress bar does, and is nothing else; `length` is how many steps the epoch at hand has, which counts them anew.
 */
export type FieldRole = "point" | "step" | "epoch" | "time" | "clock" | "rank" | "position" | "length";

/** A stretch of a line that holds one number. Positions count characters of the line, which are its bytes. */
export interface LineField {
  readonly start: number;
  readonly end: number;
  readonly role: FieldRole;
  /** The series, for points. */
  readonly name?: string;
  /** What stands behind the number of a pair, mostly nothing: a series is kept in the unit of its first value. */
  readonly unit?: string;
  /** Commas group thousands, as in `5,756`. */
  readonly grouped?: boolean;
}

/** An incident that a line tells of. */
export interface LineEvent {
  readonly kind: EventKind;
  readonly message: string;
  readonly metric?: string;
  /** The field whose value is the event's. */
  readonly field?: LineField;
  /** There is an event only where the field's value is above 0, or is 0. */
  readonly only?: "positive" | "zero";
}

/** What a grammar found in a line. */
export interface LineReading {
  /** In the order of the line, not overlapping. */
  readonly fields: readonly LineField[];
  /** Stretches whose digits and text are part of what the line means: keys, tags. The rest may vary in its digits. */
  readonly literals?: readonly (readonly [start: number, end: number])[];
  /** Quoted text without meaning; it may vary, but must not become a number. */
  readonly strings?: readonly (readonly [start: number, end: number])[];
  readonly events?: readonly LineEvent[];
  /** False where the meaning hangs on more than the line's shape; such lines are read anew each time. */
  readonly repeats?: boolean;
  /**
   * How sure it is that the line measures something; it is where nothing is said. `repeated`: if lines of its shape come
   * again, or the log has sure lines; `beside`: if the log has sure lines, and it stands behind a place or a likely measure.
   */
  readonly certainty?: "repeated" | "beside";
  /** Its step is no part of the run's course: going back there is no resume. */
  readonly aside?: boolean;
  /** Its points stand at the step of the next line that states one: they are printed before it. */
  readonly ahead?: boolean;
  /** The next line says once more what stood before (the best round): its step is aside, and what was told of it is no new point. */
  readonly heralds?: boolean;
  /** Place and points worked out from more than this line; only where `repeats` is false. */
  readonly step?: number;
  readonly epoch?: number;
  readonly points?: readonly { readonly name: string; readonly value: number }[];
  /** A record of its own that stands behind this one; only where `repeats` is false. */
  readonly next?: LineReading;
}

/**
 * What lines of one kind mean, as plain string code: asked once for each new shape of line. Lines of a known shape are
 * read from their bytes by a `LineTemplate`. So a grammar may look at anything but the digits outside the fields and
 * literals that it names, and the number of blanks before a number.
 */
export interface LineGrammar {
  readonly id: string;
  readonly title: string;
  /** Each line is a record of its own, which takes no step or epoch from the lines before it. */
  readonly record?: boolean;
  /** Lines of this kind may be longer than 64 KiB. */
  readonly long?: boolean;
  /** Makes the reader of one log; `above` tells it what stands above a line. */
  create(above?: PlaceAbove): LineReader;
}

/** Reads the lines of one log. */
export interface LineReader {
  /**
   * Reads a line (one character a byte) whose message begins at `start`, behind stamps and ranks, or returns null where the
   * line is not of this kind.
   */
  (line: string, start: number): LineReading | null;
  /** What lines before the end of the log told that no line after them completed. */
  end?(): LineReading | null;
}

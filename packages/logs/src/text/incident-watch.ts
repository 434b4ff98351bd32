import { textFromBytes } from "../bytes/byte-text.ts";
import type { EventKind } from "../record.ts";
import type { RunTrack } from "../run-track.ts";

const SIGNS: readonly (readonly [EventKind, RegExp, string])[] = [
  [
    "oom",
    /CUDA out of memory|OutOfMemoryError|RESOURCE_EXHAUSTED|std::bad_alloc|oom-kill|Out Of Memory|cannot allocate memory/i,
    "Out of memory",
  ],
  [
    "signal",
    /\bSIG(?:TERM|KILL|INT|SEGV|ABRT|HUP|USR1)\b|DUE TO (?:TIME LIMIT|PREEMPTION|NODE FAILURE)|KeyboardInterrupt|Segmentation fault|core dumped|^Killed$|^Terminated$/,
    "The run was stopped",
  ],
  [
    "overflow",
    /\bOVERFLOW!|gradient overflow|grad overflow on iteration|(?:loss|grad\w*) overflow detected/i,
    "Gradient overflow: the step was skipped and the loss scale lowered",
  ],
  [
    "nan",
    /diverged with loss|NaN loss during training|\bloss is (?:[-+]?nan|[-+]?inf|infinite|not finite)\b|\bmetric \S+ = [-+]?(?:nan|inf) is not finite|non-?finite loss|invalid loss, terminating|loss returned in .?training_step.? is [-+]?(?:nan|inf)|loss (?:became|is) infinite or nan|found (?:nan|inf) in (?:local|loss|grad)|tensor had (?:nan|inf)|returned nan values in its|loss is probably exploding|nan or inf found in|nan in summary histogram|loss scale already at minimum|(?:nan|inf) (?:loss|gradients?) (?:detected|found|encountered)|detected (?:nan|inf) (?:loss|grad)/i,
    "The log says that a figure was not finite",
  ],
];

/** Behind a rank, or the stamp and stream that a log driver put before each line. */
const PREFIX =
  /^(?:\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[-+]\d\d:?\d\d)? (?:std(?:out|err) [FP] )?)?(?:\[[^\]]*\]:?\s?)?/;

/** One look tells that a line has none of them. */
const ANY_SIGN =
  /mem|bad_alloc|RESOURCE|oom|SIG|DUE TO|Keyboard|fault|core|Killed|Terminated|overflow|nan|inf|diverged|finite|loss/i;

/** Watches the lines that no grammar reads for what ends or disturbs a run. */
export class IncidentWatch {
  readonly #track: RunTrack;
  #tracebackLines = 0;

  constructor(track: RunTrack) {
    this.#track = track;
  }

  /** Takes a line, one character a byte; of one whose figures were read, NaN among them needs no telling. */
  line(line: string, isRead = false): void {
    if (this.#tracebackLines > 0) this.#insideTraceback(line);
    else if (line.includes("Traceback (most recent call last)")) this.#tracebackLines = 1;
    if (!ANY_SIGN.test(line)) return;
    for (const [kind, sign, meaning] of SIGNS) {
      if (!(isRead && kind === "nan") && sign.test(line))
        this.#track.incident(kind, `${meaning}: ${excerpt(line)}.`);
    }
  }

  /** Reports a traceback that the log breaks off. */
  end(): void {
    if (this.#tracebackLines > 0) this.#report("its end is missing");
  }

  /** A traceback ends with the first line that is not indented: the exception. */
  #insideTraceback(line: string): void {
    this.#tracebackLines++;
    if (/^\s/.test(line.slice(PREFIX.exec(line)![0].length)) && this.#tracebackLines < 500) return;
    this.#report(excerpt(line));
  }

  #report(what: string): void {
    this.#tracebackLines = 0;
    this.#track.incident("traceback", `A Python exception: ${what}.`);
  }
}

function excerpt(line: string): string {
  const text = textFromBytes(line.trim());
  const short = text.length > 160 ? `${text.slice(0, 160)}...` : text;
  return short.replace(/\.+$/, "");
}

import type { EventKind, RunEvent } from "@lossflow/logs";
import { escapeText } from "./escape-text.ts";
import { formatNumber } from "./number-text.ts";
import { type LinePart, paintLine } from "./painted-line.ts";
import type { Style } from "./style.ts";

const GRAVE: ReadonlySet<EventKind> = new Set(["nan", "inf", "divergence", "traceback", "oom", "signal"]);
const QUIET: ReadonlySet<EventKind> = new Set(["average", "quantised"]);

/** The length of "divergence" and "quantised". */
const LONGEST_KIND = 10;

/** Writes events, each as one line of at most `columns`: its kind, where it stood, what happened. */
export function formatEvents(
  events: readonly RunEvent[],
  style: Style,
  columns: number = Number.POSITIVE_INFINITY,
): string[] {
  const steps = events.map(formatSteps);
  const width = steps.reduce((widest, text) => Math.max(widest, text.length), 0);
  return events.map((event, i) => {
    const paint = GRAVE.has(event.kind) ? style.red : QUIET.has(event.kind) ? style.dim : style.yellow;
    const parts: LinePart[] = [
      [event.kind.padEnd(LONGEST_KIND), paint],
      `  ${steps[i]!.padEnd(width)}  ${escapeText(event.message)}`,
    ];
    return paintLine(parts, columns);
  });
}

function formatSteps(event: RunEvent): string {
  if (event.step === null) return "";
  const from = formatNumber(event.step);
  if (event.lastStep === null || event.lastStep === event.step) return `step ${from}`;
  return `steps ${from}–${formatNumber(event.lastStep)}`;
}

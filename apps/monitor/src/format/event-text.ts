import type { EventKind, RunEvent } from "@lossflow/logs";
import { escapeText } from "./escape-text.ts";
import { formatNumber } from "./number-text.ts";
import { type LinePart, paintLine } from "./painted-line.ts";
import type { Style } from "./style.ts";

const GRAVE: ReadonlySet<EventKind> = new Set(["nan", "inf", "divergence", "traceback", "oom", "signal"]);
const QUIET: ReadonlySet<EventKind> = new Set(["average", "quantised"]);

/** Writes an event as one line of at most `columns`: its kind, where it stood, what happened. */
export function formatEvent(
  event: RunEvent,
  style: Style,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const paint = GRAVE.has(event.kind) ? style.red : QUIET.has(event.kind) ? style.dim : style.yellow;
  const parts: LinePart[] = [
    [event.kind.padEnd(10), paint],
    `  ${formatSteps(event).padEnd(16)}  ${escapeText(event.message)}`,
  ];
  return paintLine(parts, columns);
}

function formatSteps(event: RunEvent): string {
  if (event.step === null) return "";
  const from = formatNumber(event.step);
  if (event.lastStep === null || event.lastStep === event.step) return `step ${from}`;
  return `steps ${from}–${formatNumber(event.lastStep)}`;
}

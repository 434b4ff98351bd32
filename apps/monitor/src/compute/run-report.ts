import type { LineCounts, RunEvent } from "@lossflow/logs";
import type { RunFold } from "./run-fold.ts";
import type { SeriesFigures } from "./series-summary.ts";

/** What a log holds: one entry of `runs` in `summary --json`. */
export interface RunReport {
  readonly run: string;
  /** As given on the command line. */
  readonly source: string;
  /** The reader's id. */
  readonly format: string;
  readonly lines: LineCounts;
  /** 1 + the number of resumes and restarts. */
  readonly segments: number;
  readonly metrics: readonly SeriesFigures[];
  readonly events: readonly RunEvent[];
}

/** Forms the report of a run; series without a point are left out, events stand in the order of their steps. */
export function computeRunReport(
  run: { readonly name: string; readonly source: string },
  reading: { readonly format: string; readonly lines: LineCounts; readonly segments: number },
  fold: RunFold,
): RunReport {
  return {
    run: run.name,
    source: run.source,
    format: reading.format,
    lines: reading.lines,
    segments: reading.segments,
    metrics: fold.metrics.filter((metric) => metric.count > 0).map((metric) => metric.figures()),
    events: inStepOrder(fold.events),
  };
}

/** Events without a step stay behind the event they followed. */
function inStepOrder(events: readonly RunEvent[]): RunEvent[] {
  let step = Number.NEGATIVE_INFINITY;
  return events
    .map((event) => ({ event, at: (step = event.step ?? step) }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
}

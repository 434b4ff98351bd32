import type { FormatChoice } from "@lossflow/logs";
import { PAGE_RESOLUTION } from "../plot/run-plots.ts";
import { escapeText } from "../format/escape-text.ts";
import { formatEvents } from "../format/event-text.ts";
import { formatCount, formatNumber } from "../format/number-text.ts";
import { styleFor } from "../format/style.ts";
import type { LiveRun } from "../live/live-run.ts";
import { LiveRuns } from "../live/live-runs.ts";
import type { Context } from "./context.ts";
import { EXIT } from "./exit-code.ts";
import { say } from "./say.ts";

/** Milliseconds between lines of a run, and between looks for events. */
const LINE = 5_000;
const LOOK = 250;

/** Follows sources where there is no terminal: a line a run every five seconds while it grows, and every event. */
export async function printPlainly(
  context: Context,
  sources: readonly string[],
  format: FormatChoice | undefined,
  beside?: (live: LiveRuns) => void,
): Promise<number> {
  const { stdout } = context;
  const style = styleFor(stdout, context.env);
  const live = new LiveRuns(sources, {
    copied: context.copied,
    signal: context.signal,
    format,
    plots: beside === undefined ? null : PAGE_RESOLUTION,
    tell: (sentence) => say(context, sentence),
  });
  beside?.(live);
  const told = new Map<LiveRun, { events: number; count: number; at: number }>();
  const print = (last: boolean): void => {
    for (const run of live.runs) {
      const before = told.get(run) ?? { events: 0, count: 0, at: Number.NEGATIVE_INFINITY };
      told.set(run, before);
      run.fold.idle(Date.now() / 1000);
      const name = escapeText(run.name);
      for (const line of formatEvents(run.fold.events.slice(before.events), style)) {
        stdout.write(`${name}  ${line}\n`);
      }
      before.events = run.fold.events.length;
      const metric =
        run.fold.metrics.find((series) => series.name === run.mainMetric()) ?? run.fold.metrics[0];
      const due = last || performance.now() - before.at >= LINE;
      if (metric === undefined || metric.count === before.count || !due) continue;
      before.at = performance.now();
      before.count = metric.count;
      const { mean } = metric.sumAndMean();
      stdout.write(
        `${name}  ${escapeText(metric.name)} ${formatNumber(metric.latest)} at step ${formatNumber(metric.latestStep)}, ` +
          `mean ${formatNumber(mean)} over ${formatCount(metric.finite)}\n`,
      );
    }
  };
  const timer = setInterval(() => print(false), LOOK);
  try {
    await live.done;
  } finally {
    clearInterval(timer);
    print(true);
  }
  return EXIT.fine;
}

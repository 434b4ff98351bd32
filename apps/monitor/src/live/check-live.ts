import { setTimeout as sleep } from "node:timers/promises";
import { LossflowError } from "@lossflow/core";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { say } from "../cli/say.ts";
import type { Until } from "../cli/until.ts";
import {
  computeCheckReport,
  type Alert,
  type CheckReport,
  type CheckRules,
} from "../compute/check-report.ts";
import { LiveRuns } from "./live-runs.ts";
import type { LiveRun } from "./live-run.ts";

/** How to judge runs while they are followed. */
export interface CheckLiveOptions {
  readonly rules: CheckRules;
  readonly until: Until;
  readonly format?: string | undefined;
  /** Called once for each alert, when it is found. */
  readonly alert: (report: CheckReport, alert: Alert) => Promise<void>;
}

/** Milliseconds between looks. */
const LOOK = 250;

/**
 * Follows sources until the condition holds for every run, or until a run fails with more than a warning; then judges
 * them. The limit is judged at the end alone, since every loss begins above it.
 * @throws LF_SOURCE_MISSING where no run has come by then; what {@link computeCheckReport} throws.
 */
export async function checkLive(
  context: Context,
  sources: readonly string[],
  options: CheckLiveOptions,
): Promise<CheckReport[]> {
  const { rules, until } = options;
  const stop = new AbortController();
  const live = new LiveRuns(sources, {
    signal: AbortSignal.any([context.signal, stop.signal]),
    format: options.format,
    judged: rules.metric,
    tell: (sentence) => say(context, sentence),
  });
  let over = false;
  const ended = live.done.finally(() => (over = true));
  const deadline = until.kind === "time" ? performance.now() + until.seconds * 1000 : Infinity;
  const told = new Set<string>();
  try {
    for (;;) {
      const last = over || performance.now() >= deadline || isContent(live.runs, rules, until);
      const judged = last ? live.runs : live.runs.filter((run) => judgedMetric(run, rules) !== undefined);
      const reports = judged.map((run) => {
        run.fold.idle(Date.now() / 1000);
        return computeCheckReport(run, run.fold, last ? rules : { ...rules, maxLoss: null });
      });
      for (const report of reports) {
        for (const alert of report.alerts) {
          const key = JSON.stringify([report.run, alert.kind, alert.metric, alert.step]);
          if (told.has(key)) continue;
          told.add(key);
          await options.alert(report, alert);
        }
      }
      const failed = reports.some(({ exitCode }) => exitCode !== EXIT.fine && exitCode !== EXIT.warning);
      if ((last || failed) && reports.length > 0) return reports;
      if (last) throw noRun(sources);
      await Promise.race([ended, sleep(LOOK)]);
    }
  } finally {
    stop.abort();
    await ended;
  }
}

/** Whether every run has what `--until` waits for. */
function isContent(runs: readonly LiveRun[], rules: CheckRules, until: Until): boolean {
  if (until.kind === "time" || runs.length === 0) return false;
  return runs.every((run) => {
    const named =
      until.kind === "below" && until.metric !== null ? { ...rules, metric: until.metric } : rules;
    const metric = judgedMetric(run, named);
    if (metric === undefined) return false;
    if (until.kind === "step") return metric.latestStep >= until.step;
    return metric.latest < until.value;
  });
}

function judgedMetric(run: LiveRun, rules: CheckRules): LiveRun["fold"]["metrics"][number] | undefined {
  const name = rules.metric ?? run.mainMetric();
  return run.fold.metrics.find((metric) => metric.name === name);
}

function noRun(sources: readonly string[]): LossflowError {
  return new LossflowError(
    "LF_SOURCE_MISSING",
    `No run came in ${sources.join(", ")} in that time: check the path.`,
  );
}

import type { FormatChoice } from "@lossflow/logs";
import { setTimeout as sleep } from "node:timers/promises";
import { isLossflowError, nearestNames } from "@lossflow/core";
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
import { formatNameList } from "../format/name-list.ts";
import { judgedBy } from "../rules/judged-by.ts";
import { LiveRuns } from "./live-runs.ts";
import type { LiveRun } from "./live-run.ts";

/** How to judge runs while they are followed. */
export interface CheckLiveOptions {
  readonly rules: CheckRules;
  readonly until: Until;
  readonly format?: FormatChoice | undefined;
  /** Called once for each alert, when it is found. */
  readonly alert: (report: CheckReport, alert: Alert) => Promise<void>;
}

/** How followed runs were judged. */
export interface CheckedLive {
  readonly reports: readonly CheckReport[];
  /** The names of all series that were seen. */
  readonly metrics: readonly string[];
  /** Tells of runs that could not be judged; 0 where there is none. */
  readonly exitCode: number;
}

/** Milliseconds between looks. */
const LOOK = 250;

/**
 * Follows sources until the condition holds for every run, or until a run fails with more than a warning; then judges
 * them. The limit is judged at the end alone, since every loss begins above it. Runs that cannot be judged are said on
 * standard error.
 * @throws LF_UNKNOWN_METRIC where a run has no metric of the name in the rules.
 */
export async function checkLive(
  context: Context,
  sources: readonly string[],
  options: CheckLiveOptions,
): Promise<CheckedLive> {
  const { rules, until } = options;
  const stop = new AbortController();
  const live = new LiveRuns(sources, {
    copied: context.copied,
    signal: AbortSignal.any([context.signal, stop.signal]),
    format: options.format,
    judged: judgedBy(rules),
    tell: (sentence) => say(context, sentence),
  });
  let over = false;
  const failed = new AbortController();
  const ended = live.done.then(
    () => void (over = true),
    (error: unknown) => failed.abort(error),
  );
  const deadline = until.kind === "time" ? performance.now() + until.seconds * 1000 : Infinity;
  const told = new Set<string>();
  const unseen = new Set<string>();
  try {
    for (;;) {
      failed.signal.throwIfAborted();
      const last = over || performance.now() >= deadline || isContent(live.runs, rules, until);
      const reports = live.runs
        .filter((run) => judgedMetric(run, rules) !== undefined)
        .map((run) => {
          run.fold.idle(Date.now() / 1000);
          return computeCheckReport(run, run.fold, rules, last);
        });
      for (const report of reports) {
        for (const alert of report.alerts) {
          const key = JSON.stringify([report.run, alert.kind, alert.metric, alert.step]);
          if (told.has(key)) continue;
          told.add(key);
          await options.alert(report, alert);
        }
      }
      const fails = reports.some(({ exitCode }) => exitCode !== EXIT.fine && exitCode !== EXIT.warning);
      if (!last && !fails) sayUnseen(context, live.runs, awaitedMetric(rules, until), unseen);
      if (last || fails) {
        const metrics = live.runs.flatMap(({ fold }) => fold.metrics.map(({ name }) => name));
        return { reports, metrics, exitCode: refuseRest(context, live, rules, sources) };
      }
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

/** The metric that must come for the wait to end; null where any loss will do. */
function awaitedMetric(rules: CheckRules, until: Until): string | null {
  return until.kind === "below" && until.metric !== null ? until.metric : rules.metric;
}

/** Says once of each run with points that it has had none of the metric that is waited for, and which are near. */
function sayUnseen(
  context: Context,
  runs: readonly LiveRun[],
  metric: string | null,
  unseen: Set<string>,
): void {
  if (metric === null) return;
  for (const { name, fold } of runs) {
    const names = fold.metrics.map((each) => each.name);
    if (names.length === 0 || names.includes(metric) || unseen.has(name)) continue;
    unseen.add(name);
    const near = nearestNames(metric, names);
    const has =
      near.length > 0 ? `did you mean ${formatNameList(near)}?` : `it has ${formatNameList(names, "and")}.`;
    say(context, `${name} has had no metric ${metric} so far and is waited for; ${has}`);
  }
}

function judgedMetric(run: LiveRun, rules: CheckRules): LiveRun["fold"]["metrics"][number] | undefined {
  const name = rules.metric ?? run.mainMetric();
  return run.fold.metrics.find((metric) => metric.name === name);
}

/** Says which runs could not be judged: those without a loss, and sources that brought none. */
function refuseRest(context: Context, live: LiveRuns, rules: CheckRules, sources: readonly string[]): number {
  const missing = live.runs.length === 0 ? sources : live.awaited;
  if (missing.length > 0)
    say(context, `${formatNameList(missing, "and")}: a run that is waited for has not come; check the path.`);
  let refused = missing.length > 0;
  for (const run of live.runs.filter((run) => judgedMetric(run, rules) === undefined)) {
    try {
      computeCheckReport(run, run.fold, rules);
    } catch (error) {
      if (!isLossflowError(error) || error.code !== "LF_NO_METRIC") throw error;
      say(context, error.message);
      refused = true;
    }
  }
  return refused ? EXIT.data : EXIT.fine;
}

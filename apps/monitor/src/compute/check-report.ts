import { LossflowError } from "@lossflow/core";
import type { RunEvent } from "@lossflow/logs";
import { formatNumber } from "../format/number-text.ts";
import type { Rule, RuleKind } from "../rules/rule.ts";
import { EXIT_OF_KIND, isLogKind } from "../rules/rules-from-flags.ts";
import type { Hint } from "./hint.ts";
import { mainMetric } from "./main-metric.ts";
import type { RunFold } from "./run-fold.ts";
import type { SeriesFigures } from "./series-summary.ts";

/** What a run is judged by. */
export interface CheckRules {
  /** Of those that match the last one decides. */
  readonly rules: readonly Rule[];
  /** The metric that rules without one speak of; null: the main training loss. */
  readonly metric: string | null;
}

/** Something that makes a run fail: an incident of a metric or of the run, or a limit that was crossed. */
export interface Alert extends Omit<RunEvent, "kind"> {
  readonly kind: RunEvent["kind"] | "limit" | "zero";
  readonly exitCode: number;
}

/** How a run was judged: one entry of `runs` in `check --json`. */
export interface CheckReport {
  readonly run: string;
  /** As given on the command line. */
  readonly source: string;
  readonly metric: string;
  readonly count: number;
  readonly finite: number;
  readonly last: number | null;
  readonly lastStep: number | null;
  /** The point after `last` that ends the metric, where that is not finite. */
  readonly brokenEnd: { readonly value: number; readonly step: number } | null;
  /** The most serious first, so the first gives the exit code. */
  readonly alerts: readonly Alert[];
  readonly exitCode: number;
  /** Metrics with points that are not finite, which no rule judged. */
  readonly notFinite: readonly { readonly metric: string; readonly count: number }[];
  /** What the numbers say of how they were made; never a failure. */
  readonly hints: readonly Hint[];
}

/** The exit codes of alerts, the most serious first. */
const BY_SERIOUSNESS: readonly number[] = [21, 20, 24, 22, 23, 10];
const WARNING = 10;

/**
 * Judges a run by its metric. `isLast` tells whether the run is judged for good: limits are of its end alone.
 * @throws LF_UNKNOWN_METRIC where the run has no metric of the name in the rules, naming those it has;
 *   LF_NO_METRIC where no name is given and none of its metrics looks like a loss.
 */
export function computeCheckReport(
  run: { readonly name: string; readonly source: string; readonly format?: string | null },
  fold: RunFold,
  { rules, metric }: CheckRules,
  isLast: boolean = true,
): CheckReport {
  const format = run.format ?? "";
  const names = fold.metrics.map(({ name }) => name);
  const name = metric ?? mainMetric(names);
  if (name === null || !names.includes(name)) throw noSuchMetric(run.source, name, names);
  const series = fold.metrics[names.indexOf(name)]!;
  const figures = series.figures();
  const limits = isLast ? fold.metrics.flatMap((series) => limitAlerts(series.figures(), name, rules)) : [];
  const alerts = [...incidentAlerts([...fold.events, ...fold.zeros], name, rules), ...limits];
  alerts.sort((a, b) => BY_SERIOUSNESS.indexOf(a.exitCode) - BY_SERIOUSNESS.indexOf(b.exitCode));
  return {
    run: run.name,
    source: run.source,
    metric: name,
    count: figures.count,
    finite: figures.finite,
    last: figures.last,
    lastStep: figures.lastStep,
    brokenEnd: Number.isFinite(series.latest) ? null : { value: series.latest, step: series.latestStep },
    alerts,
    exitCode: alerts[0]?.exitCode ?? 0,
    notFinite: fold.metrics
      .filter((series) => series.finite < series.count && !isJudged(series.name, name, rules))
      .map((series) => ({ metric: series.name, count: series.count - series.finite })),
    hints: fold.hints(format).filter(({ message }) => !alerts.some((alert) => alert.message === message)),
  };
}

/** Whether a rule asks for the points of a series that are not finite. */
function isJudged(series: string, judged: string, rules: readonly Rule[]): boolean {
  return rules.some((rule) => rule.kind === "nan" && isOfSeries(rule, series, judged));
}

type Incident = Omit<Alert, "exitCode">;

function incidentAlerts(incidents: readonly Incident[], judged: string, rules: readonly Rule[]): Alert[] {
  return incidents.flatMap((incident) => {
    const kind = incident.kind === "inf" ? "nan" : incident.kind;
    const rule = rules.findLast(
      (one) => one.kind === kind && isOfSeries(one, incident.metric, judged) && holds(one, incident),
    );
    return alertBy(rule, incident);
  });
}

/** The limit is crossed above it, not at it. */
function limitAlerts(
  { name, last, lastStep }: SeriesFigures,
  judged: string,
  rules: readonly Rule[],
): Alert[] {
  if (last === null) return [];
  const incident: Incident = {
    kind: "limit",
    step: lastStep,
    lastStep,
    count: 1,
    metric: name,
    value: last,
    message: "",
  };
  const rule = rules.findLast(
    (one) => one.kind === "limit" && isOfSeries(one, name, judged) && holds(one, incident),
  );
  if (rule === undefined) return [];
  const side = rule.above === null ? "below" : "above";
  const limit = formatNumber(rule.above ?? rule.below);
  return alertBy(rule, {
    ...incident,
    message: `${name} ends at ${formatNumber(last)}, ${side} the limit of ${limit}.`,
  });
}

function isOfSeries(rule: Rule, metric: string | null, judged: string): boolean {
  if (rule.metric !== null) return metric !== null && rule.metric(metric);
  return metric === null || metric === judged || isLogKind(rule.kind);
}

function holds({ above, below, from, to, points }: Rule, { value, step, count }: Incident): boolean {
  return (
    (above === null || (value !== null && value > above)) &&
    (below === null || (value !== null && value < below)) &&
    (step === null || (step >= from && step <= to)) &&
    count >= points
  );
}

function alertBy(rule: Rule | undefined, incident: Incident): Alert[] {
  if (rule === undefined || rule.verb === "ignore") return [];
  return [
    { ...incident, exitCode: rule.verb === "warn" ? WARNING : EXIT_OF_KIND[rule.kind satisfies RuleKind] },
  ];
}

function noSuchMetric(source: string, name: string | null, names: readonly string[]): LossflowError {
  if (names.length === 0) {
    return new LossflowError(
      "LF_NO_METRIC",
      `No metric was found in ${source}: explain shows what was not read.`,
      { path: source },
    );
  }
  const list = names.join(", ");
  return name === null
    ? new LossflowError(
        "LF_NO_METRIC",
        `No training loss was found in ${source}; name a metric with --metric, one of ${list}.`,
        { path: source },
      )
    : new LossflowError("LF_UNKNOWN_METRIC", `${source} has no metric ${name}; it has ${list}.`, {
        path: source,
        got: name,
      });
}

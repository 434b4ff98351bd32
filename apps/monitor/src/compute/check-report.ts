import { LossflowError } from "@lossflow/core";
import type { RunEvent } from "@lossflow/logs";
import { formatNumber } from "../format/number-text.ts";
import { mainMetric } from "./main-metric.ts";
import type { RunFold } from "./run-fold.ts";
import type { SeriesFigures } from "./series-summary.ts";

/** What `--fail-on` names. */
export type AlertKind = "nan" | "spike" | "divergence" | "plateau" | "stall";

/** What a run is judged by. */
export interface CheckRules {
  readonly failOn: readonly AlertKind[];
  /** The run fails where the last finite value of the metric is above this; null: no limit. */
  readonly maxLoss: number | null;
  /** The metric to judge; null: the main training loss. */
  readonly metric: string | null;
}

/** Something that makes a run fail: an event of the metric or of the run, or a limit that was crossed. */
export interface Alert extends Omit<RunEvent, "kind"> {
  readonly kind: RunEvent["kind"] | "limit";
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
  /** The most serious first, so the first gives the exit code. */
  readonly alerts: readonly Alert[];
  readonly exitCode: number;
  /** Other metrics with points that are not finite, which were not judged. */
  readonly notFinite: readonly { readonly metric: string; readonly count: number }[];
}

/** Exit codes of what can be found, the most serious first. */
const EXIT_OF_KIND: readonly (readonly [AlertKind | "limit", number])[] = [
  ["nan", 21],
  ["divergence", 20],
  ["limit", 24],
  ["stall", 22],
  ["plateau", 23],
  ["spike", 10],
];

/**
 * Judges a run by its metric.
 * @throws LF_UNKNOWN_METRIC where the run has no metric of the name in the rules, naming those it has;
 *   LF_NO_METRIC where no name is given and none of its metrics looks like a loss.
 */
export function computeCheckReport(
  run: { readonly name: string; readonly source: string },
  fold: RunFold,
  rules: CheckRules,
): CheckReport {
  const names = fold.metrics.map((metric) => metric.name);
  const name = rules.metric ?? mainMetric(names);
  if (name === null || !names.includes(name)) throw noSuchMetric(run.source, name, names);
  const figures = fold.metrics[names.indexOf(name)]!.figures();
  const alerts = [...alertsFromEvents(fold.events, name, rules), ...limitAlerts(figures, rules)];
  alerts.sort((a, b) => rankOf(a) - rankOf(b));
  return {
    run: run.name,
    source: run.source,
    metric: name,
    count: figures.count,
    finite: figures.finite,
    last: figures.last,
    lastStep: figures.lastStep,
    alerts,
    exitCode: alerts[0]?.exitCode ?? 0,
    notFinite: fold.metrics
      .filter((metric) => metric.name !== name && metric.finite < metric.count)
      .map((metric) => ({ metric: metric.name, count: metric.count - metric.finite })),
  };
}

function alertsFromEvents(events: readonly RunEvent[], metric: string, rules: CheckRules): Alert[] {
  return events.flatMap((event) => {
    const kind = event.kind === "inf" ? "nan" : event.kind;
    const asked = rules.failOn.find((name) => name === kind);
    if (asked === undefined || (event.metric !== null && event.metric !== metric)) return [];
    return [{ ...event, exitCode: exitOf(asked) }];
  });
}

/** The limit is crossed above it, not at it. */
function limitAlerts({ name, last, lastStep }: SeriesFigures, { maxLoss }: CheckRules): Alert[] {
  if (maxLoss === null || last === null || last <= maxLoss) return [];
  const message = `${name} ends at ${formatNumber(last)}, above the limit of ${formatNumber(maxLoss)}.`;
  return [
    {
      kind: "limit",
      step: lastStep,
      lastStep,
      count: 1,
      metric: name,
      value: last,
      message,
      exitCode: exitOf("limit"),
    },
  ];
}

function exitOf(kind: AlertKind | "limit"): number {
  return EXIT_OF_KIND.find(([name]) => name === kind)![1];
}

function rankOf(alert: Alert): number {
  return EXIT_OF_KIND.findIndex(([, exitCode]) => exitCode === alert.exitCode);
}

function noSuchMetric(source: string, name: string | null, names: readonly string[]): LossflowError {
  if (names.length === 0) {
    return new LossflowError(
      "LF_NO_METRIC",
      `No metric was found in ${source}: explain shows what was not read.`,
      {
        path: source,
      },
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

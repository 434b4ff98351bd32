import type { RunEvent } from "@lossflow/logs";
import type { AlarmScore } from "../backtest/score-alarms.ts";
import { escapeText } from "./escape-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import { formatPlural } from "./plural-text.ts";
import type { Style } from "./style.ts";
import { formatTable } from "./table-text.ts";

/** How the detectors did on one run. */
export interface BacktestRun {
  readonly run: string;
  /** Points of the series that are watched for more than NaN: losses and norms of gradients. */
  readonly steps: number;
  readonly labelled: boolean;
  readonly alarms: readonly RunEvent[];
  readonly falseAlarms: readonly RunEvent[];
}

/** What `backtest --json` prints. */
export interface BacktestReport {
  readonly version: 1;
  readonly kinds: readonly AlarmScore[];
  readonly runs: readonly BacktestRun[];
}

/** Alarms that a person reads before they stop reading. */
const SHOWN = 40;

/** Writes a table of alarms by kind, then the alarms that need a look: the false ones, or all where there are no labels. `incidents` is the title of what was there. */
export function formatBacktest(
  { kinds, runs }: BacktestReport,
  incidents: "planted" | "labelled",
  style: Style,
): string {
  const labelled = runs.filter((run) => run.labelled);
  const judged = labelled.length > 0;
  const steps = runs.reduce((sum, run) => sum + run.steps, 0);
  const judgedSteps = labelled.reduce((sum, run) => sum + run.steps, 0);
  const per1000 = (count: number, of: number): string =>
    of === 0 ? "-" : formatNumber((1000 * count) / of, 3);
  const rows = kinds.map((score) => [
    score.kind,
    formatCount(score.alarms),
    per1000(score.alarms, steps),
    ...(judged
      ? [
          formatCount(score.incidents),
          formatCount(score.found),
          formatCount(score.falseAlarms),
          per1000(score.falseAlarms, judgedSteps),
        ]
      : []),
  ]);
  const titles = [
    "alarms",
    "per 1,000 steps",
    ...(judged ? [incidents, "found", "false", "false per 1,000"] : []),
  ];
  const alarms = runs.flatMap((run) =>
    (judged ? run.falseAlarms : run.alarms).map((event) => ({ run: run.run, event })),
  );
  const lines = [
    `${formatPlural(runs.length, "run")}, ${formatPlural(steps, "step")} of losses and gradient norms` +
      (judged
        ? `; ${formatPlural(labelled.length, "run")} labelled`
        : "; no labels, so nothing is called false"),
    "",
    ...formatTable(
      [{ title: "kind" }, ...titles.map((title) => ({ title, align: "right" as const }))],
      rows.length > 0 ? rows : [["no alarm"]],
      style,
    ),
  ];
  if (alarms.length > 0) {
    lines.push("", style.dim(judged ? "false alarms" : "alarms"));
    for (const { run, event } of alarms.slice(0, SHOWN))
      lines.push(`${escapeText(run)}  ${escapeText(event.message)}`);
    if (alarms.length > SHOWN)
      lines.push(style.dim(`and ${formatCount(alarms.length - SHOWN)} more: --json lists all`));
  }
  return `${lines.join("\n")}\n`;
}

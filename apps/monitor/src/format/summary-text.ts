import type { Hint } from "../compute/hint.ts";
import { isLossName, mainMetric } from "../compute/main-metric.ts";
import type { RunReport } from "../compute/run-report.ts";
import type { SeriesFigures } from "../compute/series-summary.ts";
import { tellingEvents } from "../compute/telling-events.ts";
import { formatConfidence } from "./confidence-text.ts";
import { escapeText } from "./escape-text.ts";
import { formatEvents } from "./event-text.ts";
import { formatMetricsTable, shortName } from "./metrics-table.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import { formatPlural } from "./plural-text.ts";
import type { Style } from "./style.ts";
import { wrapItems } from "./wrap-items.ts";

/** Incidents of one run that a person reads before they stop reading. */
const EVENTS_SHOWN = 12;
const HINTS_SHOWN = 6;
/** From this many on, numbers that stand in the log once (settings, final figures) share lines of their own. */
const SINGLES = 6;
/** The width of such lines where there is no terminal to ask. */
const PAGE = 110;

/**
 * Writes what a run holds for a person: the main loss first, then other losses, then the rest as the log has them.
 * `columns` is the width of the terminal, Infinity where there is none.
 */
export function formatSummary(
  report: RunReport,
  hints: readonly Hint[],
  confidence: number,
  style: Style,
  columns: number,
): string {
  const main = mainMetric(report.metrics.map(({ name }) => name));
  const singles = report.metrics.filter(({ count, finite }) => count === 1 && finite === 1);
  const apart = singles.length >= SINGLES && singles.length < report.metrics.length;
  const series = inOrderOfInterest(report.metrics, main).filter(
    (metric) => !apart || !singles.includes(metric),
  );
  const lines = [
    `${style.bold(escapeText(report.run))}  ${escapeText(report.format)} (${formatConfidence(confidence)})`,
    `${formatLines(report)} · ${formatPlural(report.segments, "segment")} · ${formatPlural(report.metrics.length, "metric")}`,
    "",
    ...formatMetricsTable(series, style, columns),
  ];
  if (apart) {
    const items = singles.map((metric) => `${shortName(metric)} ${formatNumber(metric.last)}`);
    lines.push("", style.dim("of one point"), ...wrapItems(items, Math.min(columns, PAGE)));
  }
  const warnings = report.metrics.filter((metric) => metric.finite < metric.count).map(formatNonFinite);
  if (warnings.length > 0) lines.push("", ...warnings.map(style.red));
  if (report.events.length > 0) lines.push("", ...formatIncidents(report, main, style, columns));
  if (hints.length > 0) lines.push("", ...formatHints(hints, style));
  return `${lines.join("\n")}\n`;
}

function formatHints(hints: readonly Hint[], style: Style): string[] {
  const lines = hints.slice(0, HINTS_SHOWN).map(({ message }) => style.dim(`hint: ${escapeText(message)}`));
  const more = hints.length - HINTS_SHOWN;
  return more > 0
    ? [...lines, style.dim(`and ${formatPlural(more, "more hint")}: check --json lists all`)]
    : lines;
}

function inOrderOfInterest(metrics: readonly SeriesFigures[], main: string | null): SeriesFigures[] {
  const rank = ({ name }: SeriesFigures): number => (name === main ? 0 : isLossName(name) ? 1 : 2);
  return [...metrics].sort((a, b) => rank(a) - rank(b));
}

function formatLines({ lines: { total, read, ignored } }: RunReport): string {
  return `${formatPlural(total, "line")}: ${formatCount(read)} read, ${formatCount(ignored)} ignored`;
}

function formatNonFinite(metric: SeriesFigures): string {
  const kinds = [
    [metric.nan, "NaN"],
    [metric.posInf, "Infinity"],
    [metric.negInf, "-Infinity"],
  ] as const;
  const what = kinds.filter(([count]) => count > 0).map(([count, kind]) => `${formatCount(count)} ${kind}`);
  const rest =
    metric.finite === 0
      ? "no mean can be formed"
      : `its mean is over the finite ${formatCount(metric.finite)}`;
  return `! ${shortName(metric)}: ${formatCount(metric.count - metric.finite)} of ${formatPlural(metric.count, "point")} not finite (${what.join(", ")}); ${rest}.`;
}

function formatIncidents(
  { events }: RunReport,
  main: string | null,
  style: Style,
  columns: number,
): string[] {
  const shown = tellingEvents(events, main, EVENTS_SHOWN);
  const lines = formatEvents(shown, style, columns);
  const more = events.length - shown.length;
  return more > 0
    ? [...lines, style.dim(`and ${formatPlural(more, "more event")}: --json lists all`)]
    : lines;
}

import type { RunReport } from "../compute/run-report.ts";
import type { SeriesFigures } from "../compute/series-summary.ts";
import { formatConfidence } from "./confidence-text.ts";
import { escapeText } from "./escape-text.ts";
import { formatEvent } from "./event-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import { formatPlural } from "./plural-text.ts";
import type { Style } from "./style.ts";
import { formatTable, type TableColumn } from "./table-text.ts";
import { fitText } from "./text-width.ts";

/** Incidents of one run that a person reads before they stop reading. */
const EVENTS_SHOWN = 20;

/** Writes what a run holds for a person; `columns` is the width that long names are shortened to. */
export function formatSummary(report: RunReport, confidence: number, style: Style, columns: number): string {
  const lines = [
    `${style.bold(escapeText(report.run))}  ${escapeText(report.format)} (${formatConfidence(confidence)})`,
    `${formatLines(report)} · ${formatPlural(report.segments, "segment")} · ${formatPlural(report.metrics.length, "metric")}`,
    "",
    ...formatMetrics(report.metrics, style, columns),
  ];
  const warnings = report.metrics.filter((metric) => metric.finite < metric.count).map(formatNonFinite);
  if (warnings.length > 0) lines.push("", ...warnings.map(style.red));
  if (report.events.length > 0) {
    lines.push("", ...report.events.slice(0, EVENTS_SHOWN).map((event) => formatEvent(event, style)));
    const more = report.events.length - EVENTS_SHOWN;
    if (more > 0) lines.push(style.dim(`and ${formatPlural(more, "more event")}: --json lists all`));
  }
  return `${lines.join("\n")}\n`;
}

function formatLines(report: RunReport): string {
  const { total, read, ignored } = report.lines;
  return `${formatPlural(total, "line")}: ${formatCount(read)} read, ${formatCount(ignored)} ignored`;
}

function formatMetrics(metrics: readonly SeriesFigures[], style: Style, columns: number): string[] {
  const head: TableColumn[] = [
    { title: "metric" },
    { title: "points", align: "right" },
    { title: "mean", align: "right" },
    { title: "over", align: "right" },
    { title: "min", align: "right" },
    { title: "at step", align: "right" },
    { title: "max", align: "right" },
    { title: "at step", align: "right" },
    { title: "last", align: "right" },
    { title: "at step", align: "right" },
  ];
  const cells = metrics.map((metric) => [
    escapeText(metric.name),
    formatCount(metric.count),
    formatNumber(metric.mean),
    formatCount(metric.finite),
    formatNumber(metric.min),
    formatNumber(metric.minStep),
    formatNumber(metric.max),
    formatNumber(metric.maxStep),
    formatNumber(metric.last),
    formatNumber(metric.lastStep),
  ]);
  const figures = head
    .slice(1)
    .reduce(
      (sum, column, j) => sum + 2 + Math.max(column.title.length, ...cells.map((row) => row[j + 1]!.length)),
      0,
    );
  const room = Math.max(16, columns - figures);
  const rows = cells.map((row) => row.with(0, fitText(row[0]!, room)));
  return formatTable(head, rows, style, (cell, row, column) => {
    const metric = metrics[row]!;
    if (column === 0) return style.cyan(cell);
    return (column === 1 || column === 3) && metric.finite < metric.count ? style.red(cell) : cell;
  });
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
  return `! ${escapeText(metric.name)}: ${formatCount(metric.count - metric.finite)} of ${formatPlural(metric.count, "point")} not finite (${what.join(", ")}); ${rest}.`;
}

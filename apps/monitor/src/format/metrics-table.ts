import type { SeriesFigures } from "../compute/series-summary.ts";
import { escapeText } from "./escape-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import type { Style } from "./style.ts";
import { formatTable, type TableColumn } from "./table-text.ts";
import { fitText } from "./text-width.ts";

const figure = (title: string): TableColumn => ({ title, align: "right" });
const COLUMNS: readonly TableColumn[] = [
  { title: "metric" },
  figure("points"),
  figure("mean"),
  figure("over"),
  figure("min"),
  figure("at step"),
  figure("max"),
  figure("at step"),
  figure("last"),
  figure("at step"),
];

/** Columns that a name keeps, however narrow the terminal. */
const LEAST_NAME = 16;

/** Sets out the figures of series: mean and its denominator, extremes and the last value with their steps. */
export function formatMetricsTable(
  metrics: readonly SeriesFigures[],
  style: Style,
  columns: number,
): string[] {
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
  const widths = COLUMNS.map(({ title }, j) =>
    cells.reduce((width, row) => Math.max(width, row[j]!.length), title.length),
  );
  const figures = widths.slice(1).reduce((sum, width) => sum + 2 + width, 0);
  const room = Math.max(LEAST_NAME, columns - figures);
  const rows = cells.map((row) => row.with(0, fitText(row[0]!, room)));
  return formatTable(COLUMNS, rows, style, (cell, row, column) => {
    if (column === 0) return style.cyan(cell);
    const { finite, count } = metrics[row]!;
    return (column === 1 || column === 3) && finite < count ? style.red(cell) : cell;
  });
}

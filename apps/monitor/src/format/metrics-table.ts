import type { SeriesFigures } from "../compute/series-summary.ts";
import { escapeText } from "./escape-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import type { Style } from "./style.ts";
import { formatTable, type TableColumn } from "./table-text.ts";
import { fitText, textWidth } from "./text-width.ts";

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

/** What gives way, in this order, where the terminal is narrow: steps, points (`over` stays), extremes. */
const GIVES_WAY: readonly number[] = [9, 7, 5, 1, 6, 4];
/** The width that a name keeps, however narrow the terminal. */
const LEAST_NAME = 16;
/** The width beyond which a name loses its middle, however wide the page: `--json` has it whole. */
const MOST_NAME = 100;

/** The name of a series in visible form, without its middle where it is too long to read. */
export function shortName({ name }: SeriesFigures): string {
  return fitText(escapeText(name), MOST_NAME);
}

/**
 * Sets out the figures of series: mean and its denominator, extremes and the last value with their steps. Where
 * `columns` are too few for all that, columns are left out, steps first, and names lose their middle.
 */
export function formatMetricsTable(
  metrics: readonly SeriesFigures[],
  style: Style,
  columns: number,
): string[] {
  const cells = metrics.map((metric) => [
    shortName(metric),
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
  const shown = new Set(COLUMNS.keys());
  const room = (): number => {
    let figures = 0;
    for (const j of shown) if (j > 0) figures += 2 + widths[j]!;
    return columns - figures;
  };
  const name = Math.min(
    LEAST_NAME,
    cells.reduce((width, row) => Math.max(width, textWidth(row[0]!)), 0),
  );
  for (const j of GIVES_WAY) if (room() < name) shown.delete(j);
  const fitted = Math.max(LEAST_NAME, room());
  const order = [...shown];
  const rows = cells.map((row) => order.map((j) => (j === 0 ? fitText(row[0]!, fitted) : row[j]!)));
  const head = order.map((j) => COLUMNS[j]!);
  return formatTable(head, rows, style, (cell, row, column) => {
    const j = order[column]!;
    if (j === 0) return style.cyan(cell);
    const { finite, count } = metrics[row]!;
    return (j === 1 || j === 3) && finite < count ? style.red(cell) : cell;
  });
}

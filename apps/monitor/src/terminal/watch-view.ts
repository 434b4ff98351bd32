import type { RunEvent } from "@lossflow/logs";
import type { ChartWindow } from "../compute/chart-window.ts";
import type { SeriesSummary } from "../compute/series-summary.ts";
import { formatConfidence } from "../format/confidence-text.ts";
import { AXIS_NAMES, formatTick, formatX } from "../format/axis-text.ts";
import { escapeText } from "../format/escape-text.ts";
import { formatEvents } from "../format/event-text.ts";
import { formatCount, formatNumber } from "../format/number-text.ts";
import { formatPlural } from "../format/plural-text.ts";
import { type LinePart, paintLine } from "../format/painted-line.ts";
import type { Style } from "../format/style.ts";
import { fitText, padText, textWidth } from "../format/text-width.ts";
import type { YScale } from "../plot/y-scale.ts";
import { type BrailleChart, brailleChart, CELL, MARK } from "./braille-chart.ts";
import { type LegendItem, legendParts, rowsWithDigits } from "./chart-legend.ts";
import { KEY_HELP } from "./keys.ts";

/** What the terminal view shows at one moment: plain data, so that a screen can be tested without a terminal. */
export interface WatchView {
  readonly run: string;
  readonly runIndex: number;
  readonly runCount: number;
  /** Sources that have brought no run yet. */
  readonly awaited: number;
  /** null while nothing is known of the log. */
  readonly format: string | null;
  readonly confidence: number;
  readonly metrics: readonly SeriesSummary[];
  readonly selected: number;
  readonly events: readonly RunEvent[];
  /** Pixel columns of the selected metric. */
  chart(pixels: number): ChartWindow;
  /** What the lines of the chart are, in their order; the selected one is last. */
  readonly legend: readonly LegendItem[];
  readonly scale: YScale;
  readonly help: boolean;
  /** What the log is doing: "last byte 3 s ago", "waiting for the file". */
  readonly status: string;
}

/** Columns of the y axis: labels and the line. */
const AXIS = 11;

/** What stands under the chart for each {@link MARK}. */
const SIGNS: Readonly<Record<number, string>> = {
  [MARK.nothing]: " ",
  [MARK.belowScale]: "▾",
  [MARK.nonFinite]: "×",
};
const NO_PLACE = "no place on a log axis";

/** Draws the view into exactly `rows` lines of at most `columns` columns. */
export function renderWatch(view: WatchView, columns: number, rows: number, style: Style): string[] {
  const head = headLines(view, columns, style);
  const keys = keysText(view, columns - textWidth(view.status) - 3);
  const foot = paintLine([[view.status, style.bold], "   ", [keys, style.dim]], columns);
  const room = rows - head.length - 1;
  const body = view.help ? helpLines(columns, style) : bodyLines(view, columns, room, style);
  const lines = [...head, ...body.slice(0, Math.max(0, room))];
  while (lines.length < rows - 1) lines.push("");
  return [...lines.slice(0, rows - 1), foot];
}

/** The keys that fit into `room` columns; how to leave and how to learn of the others come first. */
function keysText(view: WatchView, room: number): string {
  const keys = [
    ["q quit", true],
    ["? help", true],
    ["tab metric", view.metrics.length > 1],
    ["←→ run", view.runCount > 1],
    ["s smooth", true],
    ["x axis", true],
    ["l log", true],
    ["+ - zoom", true],
    ["a all runs", view.runCount > 1],
  ] as const;
  let text = "";
  for (const [key, use] of keys) {
    const longer = text === "" ? key : `${text}  ${key}`;
    if (use && textWidth(longer) <= room) text = longer;
  }
  return text;
}

function headLines(view: WatchView, columns: number, style: Style): string[] {
  const format =
    view.format === null ? "" : `  ${escapeText(view.format)} (${formatConfidence(view.confidence)})`;
  const awaited = view.awaited > 0 ? `${view.awaited} awaited` : "";
  const run = view.runCount > 1 ? `run ${view.runIndex + 1} of ${view.runCount}` : "";
  const place = [run, awaited].filter((part) => part !== "").join(", ");
  const title = fitText(escapeText(view.run), Math.max(8, columns - place.length - format.length - 2));
  const gap = Math.max(2, columns - textWidth(title) - textWidth(format) - place.length);
  return [
    paintLine([[title, style.bold], [format, style.dim], " ".repeat(gap), [place, style.dim]], columns),
  ];
}

function bodyLines(view: WatchView, columns: number, rows: number, style: Style): string[] {
  const metric = view.metrics[view.selected];
  if (metric === undefined) return ["", paintLine([["no metric yet", style.dim]], columns)];
  const listed = Math.min(view.metrics.length > 1 ? view.metrics.length : 0, Math.floor(rows / 4));
  const shown = rows >= 14 ? Math.min(view.events.length, 3) : 0;
  const gaps = (listed > 0 ? 1 : 0) + (shown > 0 ? 1 : 0);
  const figures = figuresLines(metric, columns, style);
  const legend = view.legend.length > 1 ? 1 : 0;
  const height = Math.max(1, rows - figures.length - 3 - legend - listed - shown - gaps);
  return [
    ...figures,
    ...chartLines(view, columns, height, style),
    ...(listed > 0 ? ["", ...metricLines(view, columns, listed, style)] : []),
    ...(shown > 0 ? ["", ...formatEvents(view.events.slice(-shown), style, columns)] : []),
  ];
}

/** The selected metric's figures, on one line where they fit, else on two. */
function figuresLines(metric: SeriesSummary, columns: number, style: Style): string[] {
  const { mean, finite, min, minStep, max, maxStep } = metric.figures();
  const wrong = metric.count - finite;
  const dot: LinePart = [" · ", style.dim];
  const now: LinePart[] = [
    [escapeText(metric.name), style.cyan],
    `  last ${formatNumber(metric.latest)} at ${formatNumber(metric.latestStep)}`,
    dot,
    `mean ${formatNumber(mean)} over ${formatCount(finite)}`,
    ...(wrong > 0 ? [dot, [`${formatCount(wrong)} not finite`, style.red] as const] : []),
  ];
  const reach = `min ${formatNumber(min)} at ${formatNumber(minStep)} · max ${formatNumber(max)} at ${formatNumber(maxStep)}`;
  const width = now.reduce((sum, part) => sum + textWidth(typeof part === "string" ? part : part[0]), 0);
  return width + 3 + textWidth(reach) <= columns
    ? [paintLine([...now, dot, reach], columns)]
    : [paintLine(now, columns), paintLine([[reach, style.dim]], columns)];
}

function chartLines(view: WatchView, columns: number, height: number, style: Style): string[] {
  const width = Math.max(4, columns - AXIS);
  const window = view.chart(width * 2);
  const chart = brailleChart(window.lines, width, height, view.scale);
  const labelRows = chart.scale.isEmpty ? [] : axisRows(height);
  const rows = style.on || view.legend.length < 2 ? chart.rows : rowsWithDigits(chart, width);
  const lines = rows.map((row, r) => {
    const label = labelRows.includes(r)
      ? axisLabel(chart.scale.valueAt(1 - (height === 1 ? 0.5 : r / (height - 1))))
      : "";
    const axis = `${padText(label, AXIS - 2, "right")} ${label === "" ? "│" : "┤"}`;
    return style.dim(axis) + paintCells(row, chart, r * width, window.smoothing !== null, style);
  });
  const marks = Array.from(chart.marks, (mark) => SIGNS[mark]!).join("");
  const under = " ".repeat(AXIS - 1);
  lines.push(
    marks.trim() === ""
      ? style.dim(`${under}└${"─".repeat(width)}`)
      : `${under}${style.dim("└")}${style.red(marks)}`,
  );
  const from = formatTick(window.axis, window.from);
  const to = formatX(window.axis, window.to);
  lines.push(
    style.dim(`${" ".repeat(AXIS)}${from}${padText(to, Math.max(0, width - textWidth(from)), "right")}`),
  );
  lines.push(paintLine(noteParts(view, window, chart.hidden, style), columns));
  if (view.legend.length > 1) lines.push(paintLine(legendParts(view.legend, columns, style), columns));
  return lines;
}

/** What the chart shows and what it cannot. */
function noteParts(view: WatchView, window: ChartWindow, hidden: number, style: Style): LinePart[] {
  const lost = hidden + window.unplaced;
  const axis = AXIS_NAMES[window.axis];
  const parts: LinePart[] = [
    `showing ${formatPlural(window.points, "point")}, `,
    [formatPlural(lost, "extremum", "extrema"), lost > 0 ? style.red : (text) => text],
    [" hidden", lost > 0 ? style.red : (text) => text],
  ];
  if (hidden > 0) parts.push([` · ▾ ${formatCount(hidden)} at 0 or below: ${NO_PLACE}`, style.red]);
  if (window.unplaced > 0)
    parts.push([
      ` · ${formatPlural(window.unplaced, "point")} at ${axis} 0 or below: ${NO_PLACE}`,
      style.red,
    ]);
  if (window.superseded > 0)
    parts.push([` · ${formatCount(window.superseded)} superseded, faint`, style.dim]);
  if (view.scale !== "linear") parts.push([` · ${view.scale} y`, style.dim]);
  if (window.logX) parts.push([` · log ${axis}`, style.dim]);
  if (window.smoothing !== null) parts.push([` · ${window.smoothing}, raw behind`, style.dim]);
  return parts;
}

/** Four significant digits, fewer where they do not fit beside the axis. */
function axisLabel(value: number): string {
  const label = formatNumber(value, 4);
  return label.length <= AXIS - 2 ? label : formatNumber(value, 2);
}

/** Rows of the chart that carry a label: top, bottom, and one in the middle where there is room. */
function axisRows(height: number): number[] {
  if (height < 2) return [0];
  if (height < 5) return [0, height - 1];
  return [0, Math.round((height - 1) / 2), height - 1];
}

/** Paints a row: each line in its colour, raw lines behind smooth ones and superseded ones faint. */
function paintCells(
  row: string,
  { owners, colours }: BrailleChart,
  at: number,
  smooth: boolean,
  style: Style,
): string {
  if (!style.on) return row;
  let text = "";
  for (let from = 0; from < row.length;) {
    const owner = owners[at + from]!;
    const colour = colours[at + from]!;
    let to = from + 1;
    while (to < row.length && owners[at + to] === owner && colours[at + to] === colour) to++;
    const stretch = row.slice(from, to);
    const isFaint = owner === CELL.superseded || (smooth && owner === CELL.raw);
    if (owner === CELL.nothing) text += stretch;
    else text += isFaint ? style.dim(style.line(colour)(stretch)) : style.line(colour)(stretch);
    from = to;
  }
  return text;
}

function metricLines(view: WatchView, columns: number, count: number, style: Style): string[] {
  const from = Math.max(0, Math.min(view.selected - (count >> 1), view.metrics.length - count));
  const listed = view.metrics.slice(from, from + count);
  const names = listed.map((metric) => fitText(escapeText(metric.name), Math.max(12, columns - 58)));
  const width = Math.max(...names.map(textWidth));
  return listed.map((metric, i) => {
    const { mean } = metric.sumAndMean();
    const chosen = from + i === view.selected;
    const wrong = metric.count - metric.finite;
    return paintLine(
      [
        [chosen ? "▸ " : "  ", style.cyan],
        [padText(names[i]!, width), chosen ? style.cyan : (text) => text],
        `  last ${padText(formatNumber(metric.latest), 11)}`,
        [
          `  mean ${padText(formatNumber(mean), 11)} over ${padText(formatCount(metric.finite), 9)}`,
          style.dim,
        ],
        [wrong > 0 ? `  ${formatCount(wrong)} not finite` : "", style.red],
      ],
      columns,
    );
  });
}

function helpLines(columns: number, style: Style): string[] {
  return [
    "",
    ...KEY_HELP.map(([key, what]) => paintLine([[padText(`  ${key}`, 28), style.cyan], what], columns)),
    "",
    paintLine(
      ["  × under the chart marks points that are not finite, ▾ values at 0 or below on a log axis;"],
      columns,
    ),
    paintLine(["  every other minimum and maximum has its dot."], columns),
  ];
}

import { escapeText } from "../format/escape-text.ts";
import { formatCount, formatNumber } from "../format/number-text.ts";
import type { BoardRun } from "../plot/run-board.ts";
import type { SeriesColumns } from "../plot/series-window.ts";
import { niceTicks } from "../plot/nice-ticks.ts";

/** Pixels of the picture, and of what stands around the lines. */
const WIDTH = 960;
const HEIGHT = 480;
const LEFT = 72;
const RIGHT = 16;
const TOP = 44;
const BOTTOM = 40;
const LEGEND_ROW = 18;
/** Runs named below the chart; the others are counted. */
const NAMED = 16;
const COLOURS = [
  "#0072b2",
  "#c44a00",
  "#00795a",
  "#a8457f",
  "#8a6500",
  "#2686c4",
  "#6a51a3",
  "#4d4d4d",
] as const;

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly columns: SeriesColumns;
}

/**
 * Draws one metric of all runs as an SVG picture: every extreme of every pixel column, × at the upper edge for what is
 * not finite. Text from logs stands in it as text alone.
 */
export function chartSvg(runs: readonly BoardRun[], metric: string): string {
  const found = runs.flatMap((run, k) => {
    const index = run.fold.metrics.findIndex(({ name }) => name === metric);
    return index < 0 ? [] : [{ run, plot: run.plots.plots[index]!, colour: COLOURS[k % COLOURS.length]! }];
  });
  const extents = found.flatMap(({ plot }) => plot.extent("step") ?? []);
  const from = Math.min(...extents);
  const to = Math.max(...extents);
  const place = {
    axis: "step",
    log: false,
    from,
    to,
    columns: WIDTH - LEFT - RIGHT,
    smoothing: null,
  } as const;
  const lines = found.map(({ run, plot, colour }) => ({
    name: run.name,
    colour,
    columns: plot.window(place).columns,
  }));
  const [low, high] = yRange(lines);
  const x = (value: number): number =>
    LEFT + (to > from ? (value - from) / (to - from) : 0.5) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number =>
    HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const named = lines.slice(0, NAMED);
  const height = HEIGHT + LEGEND_ROW * (named.length + (lines.length > NAMED ? 1 : 0)) + 12;
  const points = lines.reduce(
    (sum, { columns }) => sum + total(columns.finite) + total(columns.nonFinite),
    0,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${LEFT}" y="20" font-size="15" font-weight="600">${textFrom(metric)}</text>`,
    `<text x="${WIDTH - RIGHT}" y="20" text-anchor="end" fill="#565d66">${formatCount(points)} points, every extreme drawn</text>`,
    ...niceTicks(low, high, 6).map(
      (value) =>
        `<path d="M${LEFT} ${fix(y(value))}H${WIDTH - RIGHT}" stroke="#e6e8eb"/><text x="${LEFT - 8}" y="${fix(y(value) + 4)}" text-anchor="end" fill="#565d66">${formatNumber(value, 4)}</text>`,
    ),
    ...niceTicks(from, to, 8).map(
      (value) =>
        `<text x="${fix(x(value))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#565d66">${formatNumber(value)}</text>`,
    ),
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end" fill="#565d66">step</text>`,
    ...lines.flatMap((line) => pathsOf(line, x, y)),
    ...named.map(({ name, colour }, k) => {
      const at = HEIGHT + LEGEND_ROW * (k + 1) - 4;
      return `<path d="M${LEFT} ${at - 4}h22" stroke="${colour}" stroke-width="3"/><text x="${LEFT + 30}" y="${at}">${textFrom(name)}</text>`;
    }),
    lines.length > NAMED
      ? `<text x="${LEFT}" y="${HEIGHT + LEGEND_ROW * (NAMED + 1) - 4}" fill="#565d66">and ${formatCount(lines.length - NAMED)} more runs</text>`
      : "",
    "</svg>\n",
  ].join("\n");
}

function pathsOf(
  { colour, columns }: Line,
  x: (value: number) => number,
  y: (value: number) => number,
): string[] {
  let path = "";
  let lost = "";
  let isOpen = false;
  for (let i = 0; i < columns.column.length; i++) {
    if (columns.nonFinite[i]! > 0) lost += `M${fix(x(columns.low[i]!) - 3)} ${TOP - 3}l6 6m0 -6l-6 6`;
    const hasValue = !Number.isNaN(columns.first[i]!);
    if (columns.broken[i] === 1 || !hasValue) isOpen = false;
    if (!hasValue) continue;
    const isMinFirst = columns.minX[i]! <= columns.maxX[i]!;
    const ends = [
      [columns.minX[i]!, columns.min[i]!],
      [columns.maxX[i]!, columns.max[i]!],
    ] as const;
    const between = isMinFirst ? ends : [ends[1], ends[0]];
    const places = [
      [columns.firstX[i]!, columns.first[i]!],
      ...between,
      [columns.lastX[i]!, columns.last[i]!],
    ] as const;
    let before = "";
    for (const [at, value] of places) {
      const place = `${fix(x(at))} ${fix(y(value))}`;
      if (place !== before) path += `${isOpen ? "L" : "M"}${place}`;
      before = place;
      isOpen = true;
    }
  }
  const drawn = `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.3" stroke-linejoin="round"/>`;
  return lost === "" ? [drawn] : [drawn, `<path d="${lost}" stroke="${colour}" stroke-width="1.6"/>`];
}

function yRange(lines: readonly Line[]): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { columns } of lines) {
    for (const value of columns.min) if (value < low) low = value;
    for (const value of columns.max) if (value > high) high = value;
  }
  if (!(low <= high)) return [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - room, high + room];
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function fix(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Text that is text wherever it stands in a document. */
function textFrom(name: string): string {
  const short = name.length > 120 ? `${name.slice(0, 120)}…` : name;
  return escapeText(short).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

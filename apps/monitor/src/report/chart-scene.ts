import { escapeText } from "../format/escape-text.ts";
import { formatCount, formatNumber } from "../format/number-text.ts";
import { fitText } from "../format/text-width.ts";
import { niceTicks } from "../plot/nice-ticks.ts";
import type { BoardRun } from "../plot/run-board.ts";
import type { SeriesColumns } from "../plot/series-window.ts";

/** A place on the picture, in pixels from its top left. */
export type ScenePoint = readonly [x: number, y: number];

/** What a picture is made of. */
export type SceneShape =
  | {
      readonly kind: "lines";
      readonly lines: readonly (readonly ScenePoint[])[];
      readonly colour: string;
      readonly width: number;
      readonly opacity: number;
    }
  | {
      readonly kind: "text";
      readonly at: ScenePoint;
      readonly anchor: "start" | "middle" | "end";
      readonly size: number;
      readonly colour: string;
      readonly isBold: boolean;
      readonly text: string;
    };

/** A chart as shapes on a white ground, for an SVG or a PNG. */
export interface ChartScene {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly SceneShape[];
}

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
/** How strong a line is that a later segment of its run has written again. */
const SUPERSEDED = 0.3;
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
const DARK = "#1c2024";
const SOFT = "#565d66";
/** Characters of a title beside the count of points, and of a run's name. */
const TITLE = 60;
const NAME = 100;
const GRID = "#e6e8eb";

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly columns: SeriesColumns;
  readonly superseded: SeriesColumns;
}

/**
 * Draws one metric of all runs: every extreme of every pixel column, × at the upper edge for what is not finite, faint
 * what a resume has written again.
 */
export function chartScene(runs: readonly BoardRun[], metric: string): ChartScene {
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
  const lines = found.map(({ run, plot, colour }) => ({ name: run.name, colour, ...plot.window(place) }));
  const range = yRange(lines);
  const [low, high] = range ?? [0, 1];
  const x = (value: number): number =>
    LEFT + (to > from ? (value - from) / (to - from) : 0.5) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number =>
    HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const named = lines.slice(0, NAMED);
  const more = lines.length - named.length;
  const count = (field: "finite" | "nonFinite"): number =>
    lines.reduce((sum, { columns, superseded }) => sum + sumOf(columns[field]) + sumOf(superseded[field]), 0);
  const lost = count("nonFinite");
  const points = count("finite") + lost;
  const legendAt = (k: number): number => HEIGHT + LEGEND_ROW * (k + 1) - 4;
  return {
    width: WIDTH,
    height: HEIGHT + LEGEND_ROW * (named.length + (more > 0 ? 1 : 0)) + 12,
    shapes: [
      text([LEFT, 20], "start", fitText(metric, TITLE), { size: 15, isBold: true, colour: DARK }),
      text([WIDTH - RIGHT, 20], "end", `${formatCount(points)} points, every extreme drawn`),
      ...(range === null ? [] : niceTicks(low, high, 6)).flatMap((value) => [
        stroke(
          [
            [
              [LEFT, y(value)],
              [WIDTH - RIGHT, y(value)],
            ],
          ],
          GRID,
          1,
        ),
        text([LEFT - 8, y(value) + 4], "end", formatNumber(value, 4)),
      ]),
      ...niceTicks(from, to, 8).map((value) =>
        text([x(value), HEIGHT - BOTTOM + 18], "middle", formatNumber(value)),
      ),
      text([WIDTH - RIGHT, HEIGHT - 6], "end", "step"),
      ...(lost > 0
        ? [
            stroke(cross([LEFT + 11, HEIGHT - 10]), SOFT, 1.6),
            text([LEFT + 30, HEIGHT - 6], "start", `${formatCount(lost)} not finite`),
          ]
        : []),
      ...lines.flatMap((line) => lineShapes(line, x, y)),
      ...named.flatMap(({ name, colour }, k) => [
        stroke(
          [
            [
              [LEFT, legendAt(k) - 4],
              [LEFT + 22, legendAt(k) - 4],
            ],
          ],
          colour,
          3,
        ),
        text([LEFT + 30, legendAt(k)], "start", fitText(name, NAME), { colour: DARK }),
      ]),
      ...(more > 0 ? [text([LEFT, legendAt(NAMED)], "start", `and ${formatCount(more)} more runs`)] : []),
    ],
  };
}

function lineShapes(
  { colour, columns, superseded }: Line,
  x: (value: number) => number,
  y: (value: number) => number,
): SceneShape[] {
  const shapes = [stroke(polylines(columns, x, y), colour, 1.3)];
  if (superseded.column.length > 0)
    shapes.unshift(stroke(polylines(superseded, x, y), colour, 1.3, SUPERSEDED));
  const crosses: ScenePoint[][] = [];
  for (const part of [columns, superseded]) {
    for (let i = 0; i < part.column.length; i++) {
      if (part.nonFinite[i] === 0) continue;
      const at = x(part.low[i]!);
      crosses.push(...cross([at, TOP]));
    }
  }
  if (crosses.length > 0) shapes.push(stroke(crosses, colour, 1.6));
  return shapes;
}

/** The two strokes of an ×. */
function cross([x, y]: ScenePoint): ScenePoint[][] {
  return [
    [
      [x - 3, y - 3],
      [x + 3, y + 3],
    ],
    [
      [x - 3, y + 3],
      [x + 3, y - 3],
    ],
  ];
}

/** First, extremes and last of each column where they stand; a new line after each break. */
function polylines(
  columns: SeriesColumns,
  x: (value: number) => number,
  y: (value: number) => number,
): ScenePoint[][] {
  const lines: ScenePoint[][] = [];
  let isOpen = false;
  for (let i = 0; i < columns.column.length; i++) {
    const hasValue = !Number.isNaN(columns.first[i]!);
    if (columns.broken[i] === 1 || !hasValue) isOpen = false;
    if (!hasValue) continue;
    const ends = [
      [columns.minX[i]!, columns.min[i]!],
      [columns.maxX[i]!, columns.max[i]!],
    ] as const;
    const between = columns.minX[i]! <= columns.maxX[i]! ? ends : [ends[1], ends[0]];
    const places = [
      [columns.firstX[i]!, columns.first[i]!],
      ...between,
      [columns.lastX[i]!, columns.last[i]!],
    ] as const;
    for (const [at, value] of places) {
      const point: ScenePoint = [rounded(x(at)), rounded(y(value))];
      const line = lines.at(-1);
      const before = line?.at(-1);
      if (!isOpen || line === undefined) lines.push([point]);
      else if (before?.[0] !== point[0] || before[1] !== point[1]) line.push(point);
      isOpen = true;
    }
  }
  return lines;
}

/** What the y axis spans, null where no value is finite. */
function yRange(lines: readonly Line[]): [low: number, high: number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { columns, superseded } of lines) {
    for (const part of [columns, superseded]) {
      for (const value of part.min) if (value < low) low = value;
      for (const value of part.max) if (value > high) high = value;
    }
  }
  if (!(low <= high)) return null;
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - room, high + room];
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function stroke(
  lines: readonly (readonly ScenePoint[])[],
  colour: string,
  width: number,
  opacity: number = 1,
): SceneShape {
  return { kind: "lines", lines, colour, width, opacity };
}

/** Text of a log, shortened and with what could command or reorder in visible form. */
function text(
  at: ScenePoint,
  anchor: "start" | "middle" | "end",
  words: string,
  look: { readonly size?: number; readonly isBold?: boolean; readonly colour?: string } = {},
): SceneShape {
  const { size = 12, isBold = false, colour = SOFT } = look;
  const short = escapeText(words.length > 120 ? `${words.slice(0, 120)}…` : words);
  return { kind: "text", at, anchor, size, isBold, colour, text: short };
}

import type { SeriesColumns } from "../../../src/plot/series-window.ts";
import type { SmoothedLine } from "../../../src/plot/smoothed-lines.ts";
import { isDense, paintDense } from "./paint-dense.ts";
import { hasPlace, heightOf } from "../../../src/plot/y-scale.ts";
import { type Band, type Line, type Range, shapeOf } from "./picture.ts";
import type { YRange } from "./y-range.ts";

/** Where values stand on a canvas. */
export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Whether a value has a place. */
  readonly holds: (value: number) => boolean;
  readonly height: number;
  /** Canvas pixels of a CSS pixel. */
  readonly ratio: number;
}

/** Fewer columns than this on the whole canvas are drawn with their dots and their dashes. */
const SPARSE = 120;
/** How strong a raw line is behind its smoothed one or its band, and a superseded one. */
const BEHIND = 0.2;
const SUPERSEDED = 0.3;
/** How strong the interval of a band is. */
const INTERVAL = 0.22;

/** Makes the scales of a canvas that shows `range` by `y`. */
export function scalesOf(
  range: Range,
  y: YRange,
  size: { readonly width: number; readonly height: number; readonly ratio: number },
  logX: boolean,
): Scales {
  const place = shapeOf(logX);
  const from = place(range[0]);
  const to = place(range[1]);
  const { width, height, ratio } = size;
  const shape = heightOf(y.scale, y.reach);
  const low = shape(y.range[0]);
  const high = shape(y.range[1]);
  const perX = width / (to - from);
  const perY = height / (high - low);
  return {
    x: (value) => (place(value) - from) * perX,
    y: (value) => height - (shape(value) - low) * perY,
    holds: (value) => hasPlace(y.scale, value),
    height,
    ratio,
  };
}

/** Paints lines, the smoothed one of each over its raw one. */
export function paintLines(context: CanvasRenderingContext2D, lines: readonly Line[], scales: Scales): void {
  const dense = isDense(lines);
  // Round joins of a hundred lines cost more than the lines.
  context.lineJoin = dense ? "bevel" : "round";
  if (dense) paintDense(context, lines, scales);
  for (const line of lines) {
    const { columns, superseded, smoothed } = line.window;
    if (superseded.column.length > 0) {
      context.globalAlpha = SUPERSEDED;
      paintRaw(context, line, superseded, scales);
    }
    context.globalAlpha = smoothed === null && !line.isBanded ? 1 : BEHIND;
    if (!dense) paintRaw(context, line, columns, scales);
    context.globalAlpha = 1;
    if (smoothed !== null && !line.isBanded) paintSmoothed(context, line, smoothed, scales);
    paintUndrawable(context, line, scales);
  }
}

/** Paints the interval and the centre of runs that are put together. */
export function paintBand(
  context: CanvasRenderingContext2D,
  { band, style }: Band,
  { x, y, holds, ratio }: Scales,
): void {
  context.fillStyle = context.strokeStyle = style.colour;
  context.globalAlpha = INTERVAL;
  for (let k = 1; k < band.x.length; k++) {
    const corners = [band.low[k - 1]!, band.low[k]!, band.high[k]!, band.high[k - 1]!];
    if (!corners.every(holds)) continue;
    context.beginPath();
    context.moveTo(x(band.x[k - 1]!), y(corners[0]!));
    context.lineTo(x(band.x[k]!), y(corners[1]!));
    context.lineTo(x(band.x[k]!), y(corners[2]!));
    context.lineTo(x(band.x[k - 1]!), y(corners[3]!));
    context.fill();
  }
  context.globalAlpha = 1;
  context.beginPath();
  let isOpen = false;
  for (let k = 0; k < band.x.length; k++) {
    const value = band.centre[k]!;
    if (!holds(value)) isOpen = false;
    else {
      if (isOpen) context.lineTo(x(band.x[k]!), y(value));
      else context.moveTo(x(band.x[k]!), y(value));
      isOpen = true;
    }
  }
  context.lineWidth = 2.2 * ratio;
  context.setLineDash(style.dash.map((length) => length * ratio));
  context.stroke();
  context.setLineDash([]);
}

/** Draws first, extremes and last of each column where they stand: the line that all points would draw. */
function paintRaw(
  context: CanvasRenderingContext2D,
  line: Line,
  columns: SeriesColumns,
  scales: Scales,
): void {
  const { x, y, holds, ratio } = scales;
  const isSparse = columns.column.length < SPARSE;
  const size = columns.column.length;
  const dots = new Path2D();
  const radius = 1.75 * ratio;
  let isOpen = false;
  context.beginPath();
  const go = (at: number, value: number): void => {
    const px = x(at);
    // What stands at 0 or before it has no place on a logarithmic x axis.
    if (!holds(value) || px - px !== 0) return;
    const py = y(value);
    if (isOpen) context.lineTo(px, py);
    else context.moveTo(px, py);
    isOpen = true;
    if (isSparse) {
      dots.moveTo(px + radius, py);
      dots.arc(px, py, radius, 0, 7);
    }
  };
  for (let i = 0; i < size; i++) {
    if (columns.broken[i] === 1 || (columns.nonFinite[i]! > 0 && columns.finite[i] === 0)) isOpen = false;
    const first = columns.first[i]!;
    // A column of infinities and NaN has no place, and no line leads across it.
    if (first !== first) continue;
    go(columns.firstX[i]!, first);
    if (columns.min[i] !== columns.max[i]) {
      const minFirst = columns.minX[i]! <= columns.maxX[i]!;
      go(minFirst ? columns.minX[i]! : columns.maxX[i]!, minFirst ? columns.min[i]! : columns.max[i]!);
      go(minFirst ? columns.maxX[i]! : columns.minX[i]!, minFirst ? columns.max[i]! : columns.min[i]!);
    }
    if (columns.lastX[i] !== columns.firstX[i]) go(columns.lastX[i]!, columns.last[i]!);
    if (!holds(columns.last[i]!)) isOpen = false;
  }
  context.strokeStyle = line.style.colour;
  context.lineWidth = (line.window.smoothed === null ? 1.4 : 1) * ratio;
  context.setLineDash(isSparse ? line.style.dash.map((length) => length * ratio) : []);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = line.style.colour;
  context.fill(dots);
}

function paintSmoothed(
  context: CanvasRenderingContext2D,
  line: Line,
  { x: xs, y: ys, broken }: SmoothedLine,
  { x, y, holds, ratio }: Scales,
): void {
  context.beginPath();
  let isOpen = false;
  for (let k = 0; k < xs.length; k++) {
    const value = ys[k]!;
    if (broken[k] === 1) isOpen = false;
    if (!holds(value)) {
      isOpen = false;
      continue;
    }
    if (isOpen) context.lineTo(x(xs[k]!), y(value));
    else context.moveTo(x(xs[k]!), y(value));
    isOpen = true;
  }
  context.strokeStyle = line.style.colour;
  context.lineWidth = 2 * ratio;
  context.setLineDash(line.style.dash.map((length) => length * ratio));
  context.stroke();
  context.setLineDash([]);
}

/** Marks what has no place: × at the upper edge for NaN and infinities, ▾ at the lower one for 0 and less on a log axis. */
function paintUndrawable(context: CanvasRenderingContext2D, line: Line, scales: Scales): void {
  const { x, holds, height, ratio } = scales;
  const arm = 3 * ratio;
  context.beginPath();
  let any = false;
  for (const columns of [line.window.columns, line.window.superseded])
    for (let i = 0; i < columns.column.length; i++) {
      const px = x((columns.low[i]! + columns.high[i]!) / 2);
      if (columns.nonFinite[i]! > 0) {
        const py = arm + 2 * ratio;
        context.moveTo(px - arm, py - arm);
        context.lineTo(px + arm, py + arm);
        context.moveTo(px - arm, py + arm);
        context.lineTo(px + arm, py - arm);
        any = true;
      }
      if (!Number.isNaN(columns.min[i]!) && !holds(columns.min[i]!)) {
        const py = height - 2 * ratio;
        context.moveTo(px - arm, py - arm * 1.4);
        context.lineTo(px, py);
        context.lineTo(px + arm, py - arm * 1.4);
        any = true;
      }
    }
  if (!any) return;
  context.strokeStyle = line.style.colour;
  context.lineWidth = 1.8 * ratio;
  context.stroke();
}

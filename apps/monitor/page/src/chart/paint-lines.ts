import type { SmoothedLine } from "../../../src/plot/smoothed-lines.ts";
import { isDense, paintDense } from "./paint-dense.ts";
import type { Line, Range } from "./picture.ts";

/** Where values stand on a canvas. */
export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly log: boolean;
  readonly height: number;
  /** Canvas pixels of a CSS pixel. */
  readonly ratio: number;
}

/** Fewer columns than this on the whole canvas are drawn with their dots and their dashes. */
const SPARSE = 120;
/** How strong a raw line is behind its smoothed one. */
const BEHIND = 0.2;

/** Makes the scales of a canvas that shows `range` by `yRange`. */
export function scalesOf(
  range: Range,
  yRange: Range,
  size: { readonly width: number; readonly height: number; readonly ratio: number },
  log: boolean,
): Scales {
  const [from, to] = range;
  const { width, height, ratio } = size;
  const shape = log ? Math.log : (value: number): number => value;
  const low = shape(yRange[0]);
  const high = shape(yRange[1]);
  const perX = width / (to - from);
  const perY = height / (high - low);
  return {
    x: (value) => (value - from) * perX,
    y: (value) => height - (shape(value) - low) * perY,
    log,
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
    const { smoothed } = line.window;
    context.globalAlpha = smoothed === null ? 1 : BEHIND;
    if (!dense) paintRaw(context, line, scales);
    context.globalAlpha = 1;
    if (smoothed !== null) paintSmoothed(context, line, smoothed, scales);
    paintUndrawable(context, line, scales);
  }
}

/** Draws first, extremes and last of each column where they stand: the line that all points would draw. */
function paintRaw(context: CanvasRenderingContext2D, line: Line, scales: Scales): void {
  const { columns } = line.window;
  const { x, y, log, ratio } = scales;
  const isSparse = columns.column.length < SPARSE;
  const size = columns.column.length;
  const dots = new Path2D();
  const radius = 1.75 * ratio;
  let isOpen = false;
  context.beginPath();
  const go = (at: number, value: number): void => {
    if (!(log ? value > 0 : value === value)) return;
    const px = x(at);
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
    if (log && columns.last[i]! <= 0) isOpen = false;
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
  { x, y, log, ratio }: Scales,
): void {
  context.beginPath();
  let isOpen = false;
  for (let k = 0; k < xs.length; k++) {
    const value = ys[k]!;
    if (broken[k] === 1) isOpen = false;
    if (!(log ? value > 0 : value === value)) {
      isOpen = false;
      continue;
    }
    if (isOpen) context.lineTo(x(xs[k]!), y(value));
    else context.moveTo(x(xs[k]!), y(value));
    isOpen = true;
  }
  context.strokeStyle = line.style.colour;
  context.lineWidth = 2 * ratio;
  context.stroke();
}

/** Marks what has no place: × at the upper edge for NaN and infinities, ▾ at the lower one for 0 and less on a log axis. */
function paintUndrawable(context: CanvasRenderingContext2D, line: Line, scales: Scales): void {
  const { columns } = line.window;
  const { x, log, height, ratio } = scales;
  const arm = 3 * ratio;
  context.beginPath();
  let any = false;
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
    if (log && columns.min[i]! <= 0) {
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

import type { Line } from "./picture.ts";
import type { Scales } from "./paint-lines.ts";

/** Columns of all lines beyond which they are painted pixel by pixel: a hundred stroked lines take most of a second. */
const MANY = 16_000;
/** Half the thickness of a line, in CSS pixels. */
const HALF = 0.7;

/** Tells whether lines are so many that stroking them would hold the page up. */
export function isDense(lines: readonly Line[]): boolean {
  return lines.reduce((sum, { window }) => sum + window.columns.column.length, 0) > MANY;
}

/**
 * Paints the raw lines into pixels: each pixel column of a line from its smallest to its largest value, reaching to the
 * last value of the column before it. Later lines cover earlier ones.
 */
export function paintDense(context: CanvasRenderingContext2D, lines: readonly Line[], scales: Scales): void {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (const line of lines) paintLine(pixels, width, height, line, scales);
  context.putImageData(image, 0, 0);
}

function paintLine(pixels: Uint32Array, width: number, height: number, line: Line, scales: Scales): void {
  const { columns, smoothed } = line.window;
  const { x, y, holds, ratio } = scales;
  const colour = pixelFrom(line.style.colour, smoothed === null && !line.isBanded ? 255 : 56);
  const half = HALF * ratio;
  const span = Math.max(1, Math.round(ratio));
  let before = Number.NaN;
  let end = -1;
  for (let i = 0; i < columns.column.length; i++) {
    const max = columns.max[i]!;
    if (columns.broken[i] === 1 || Number.isNaN(max)) before = Number.NaN;
    if (!holds(max)) continue;
    const min = columns.min[i]!;
    const least = holds(min) ? min : max;
    const low = before < least ? before : least;
    const high = before > max ? before : max;
    const top = Math.max(0, Math.round(y(high) - half));
    const bottom = Math.min(height, Math.max(top + 1, Math.round(y(low) + half)));
    const from = Math.round(x(columns.firstX[i]!));
    const to = Math.min(width, Math.max(from + span, Math.round(x(columns.lastX[i]!))));
    // Between columns that have points the line goes on at the height of the last one.
    if (before === before && end < from)
      fill(
        pixels,
        width,
        end,
        from,
        Math.round(y(before) - half),
        Math.round(y(before) + half),
        height,
        colour,
      );
    fill(pixels, width, Math.max(0, from), to, top, bottom, height, colour);
    end = to;
    const last = columns.last[i]!;
    before = holds(last) ? last : Number.NaN;
  }
}

function fill(
  pixels: Uint32Array,
  width: number,
  from: number,
  to: number,
  top: number,
  bottom: number,
  height: number,
  colour: number,
): void {
  const first = Math.max(0, top);
  const last = Math.min(height, Math.max(bottom, top + 1));
  const start = Math.max(0, from);
  for (let row = first; row < last; row++) {
    const end = row * width + to;
    for (let at = row * width + start; at < end; at++) pixels[at] = colour;
  }
}

/** A colour as a pixel of an image: alpha, blue, green, red, from the highest byte. */
function pixelFrom(colour: string, alpha: number): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return ((alpha << 24) | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}

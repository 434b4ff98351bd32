import type { ChartColumns } from "../compute/chart-window.ts";
import { scaleFor, type ChartScale } from "./chart-scale.ts";

/** A chart as rows of braille cells. */
export interface BrailleChart {
  /** One string of `width` characters a row, the top row first. */
  readonly rows: readonly string[];
  /** For each row and cell, 1 where the smoothed line passes. */
  readonly smoothed: readonly Uint8Array[];
  /** For each cell, 1 where a point is not finite. */
  readonly marks: Uint8Array;
  /** Extremes of pixel columns that have no dot of their own: 0 unless the scale cannot show them. */
  readonly hidden: number;
  readonly scale: ChartScale;
}

/** Bit of each dot in a braille cell, by column and row. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/**
 * Draws pixel columns into braille cells of 2 x 4 dots: each column as the line from its minimum to its maximum,
 * joined to its neighbours through its first and last value. This keeps what M4 keeps (Jugel et al., 2014,
 * doi:10.14778/2732951.2732953): every extreme has its dot, whatever the number of points behind it.
 *
 * @param columns two pixel columns for each of `width` cells.
 * @param overlay a smoothed value for each pixel column, NaN where there is none.
 */
export function brailleChart(
  columns: ChartColumns,
  height: number,
  log: boolean,
  overlay?: Float64Array,
): BrailleChart {
  const pixels = columns.min.length;
  const width = Math.ceil(pixels / 2);
  const dots = height * 4;
  const scale = scaleFor(columns.min, columns.max, log);
  const raw = new Uint8Array(width * height);
  const smooth = new Uint8Array(width * height);
  const marks = new Uint8Array(width);
  const rowOf = (value: number): number => Math.round((1 - scale.share(value)) * (dots - 1));

  const set = (cells: Uint8Array, x: number, y: number): void => {
    cells[(y >> 2) * width + (x >> 1)]! |= DOTS[x & 1 ? 1 : 0][(y & 3) as 0 | 1 | 2 | 3];
  };
  const line = (cells: Uint8Array, x: number, a: number, b: number): void => {
    for (let y = Math.min(a, b); y <= Math.max(a, b); y++) set(cells, x, y);
  };

  let hidden = 0;
  let before = -1;
  let beforeX = -1;
  for (let x = 0; x < pixels; x++) {
    if (columns.nonFinite[x]! > 0) {
      marks[x >> 1] = 1;
      before = -1;
    }
    if (Number.isNaN(columns.min[x]!)) continue;
    const reach = [columns.min[x]!, columns.max[x]!];
    const seen = reach.filter((value) => scale.holds(value));
    hidden += new Set(reach).size - new Set(seen).size;
    if (seen.length === 0) continue;
    line(raw, x, rowOf(seen[0]!), rowOf(seen.at(-1)!));
    const first = scale.holds(columns.first[x]!) ? rowOf(columns.first[x]!) : -1;
    if (columns.joined[x] === 0) before = -1;
    if (before >= 0 && first >= 0) join(raw, beforeX, before, x, first, set, line);
    before = scale.holds(columns.last[x]!) ? rowOf(columns.last[x]!) : -1;
    beforeX = x;
  }
  if (overlay !== undefined) {
    before = -1;
    for (let x = 0; x < pixels; x++) {
      if (columns.nonFinite[x]! > 0 || columns.joined[x] === 0) before = -1;
      if (!scale.holds(overlay[x]!)) continue;
      const y = rowOf(overlay[x]!);
      set(smooth, x, y);
      if (before >= 0) join(smooth, beforeX, before, x, y, set, line);
      before = y;
      beforeX = x;
    }
  }

  const rows: string[] = [];
  const smoothed: Uint8Array[] = [];
  for (let r = 0; r < height; r++) {
    const at = r * width;
    let text = "";
    for (let c = 0; c < width; c++) {
      const cell = smooth[at + c]! || raw[at + c]!;
      text += cell === 0 ? " " : String.fromCharCode(0x2800 + cell);
    }
    rows.push(text);
    smoothed.push(smooth.slice(at, at + width).map((cell) => (cell === 0 ? 0 : 1)));
  }
  return { rows, smoothed, marks, hidden, scale };
}

function join(
  cells: Uint8Array,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  set: (cells: Uint8Array, x: number, y: number) => void,
  line: (cells: Uint8Array, x: number, a: number, b: number) => void,
): void {
  const steps = toX - fromX;
  let last = fromY;
  for (let k = 1; k < steps; k++) {
    const y = Math.round(fromY + ((toY - fromY) * k) / steps);
    set(cells, fromX + k, y);
    last = y;
  }
  // The rise between neighbours is shared out, half to each, so that no column reaches past its own extremes by more.
  if (Math.abs(toY - last) > 1) {
    const middle = Math.round((last + toY) / 2);
    line(cells, fromX + steps - 1, last, middle);
    line(cells, toX, middle, toY);
  }
}

import type { ChartColumns, ChartLine } from "../compute/chart-window.ts";
import type { YScale } from "../plot/y-scale.ts";
import { scaleFor, type ChartScale } from "./chart-scale.ts";

/** What covers a cell of a chart. */
export const CELL = { nothing: 0, superseded: 1, raw: 2, smoothed: 3 } as const;

/** What stands at a place without a dot of its own: a value with no place on the scale, or one that is not finite. */
export const MARK = { nothing: 0, belowScale: 1, nonFinite: 2 } as const;

/** A chart as rows of braille cells. */
export interface BrailleChart {
  /** One string of `width` characters a row, the top row first. */
  readonly rows: readonly string[];
  /** Row by row, for each cell what covers it, one of {@link CELL}, and the colour of that line. */
  readonly owners: Uint8Array;
  readonly colours: Uint8Array;
  /** For each line in the order of drawing its colour and the dots that it has in each cell, also where others cover it. */
  readonly lines: readonly { readonly colour: number; readonly dots: Uint8Array }[];
  /** For each column of cells, one of {@link MARK}. */
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

/** Cells of 2 x 4 dots, with what covers each. */
class Canvas {
  readonly owners: Uint8Array;
  readonly colours: Uint8Array;
  readonly #width: number;
  readonly #cells: Uint8Array;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#cells = new Uint8Array(width * height);
    this.owners = new Uint8Array(width * height);
    this.colours = new Uint8Array(width * height);
  }

  /** Lays a line over what is there; where two share a cell the dots of both stay, in the colour of the later. */
  lay(line: Uint8Array, owner: number, colour: number): void {
    for (let at = 0; at < line.length; at++) {
      if (line[at] === 0) continue;
      // A smooth line stands out from the raw one behind it.
      this.#cells[at] = owner === CELL.smoothed ? line[at]! : this.#cells[at]! | line[at]!;
      this.owners[at] = owner;
      this.colours[at] = colour;
    }
  }

  rows(): string[] {
    const rows: string[] = [];
    for (let at = 0; at < this.#cells.length; at += this.#width) {
      let text = "";
      for (const cell of this.#cells.subarray(at, at + this.#width))
        text += cell === 0 ? " " : String.fromCharCode(0x2800 + cell);
      rows.push(text);
    }
    return rows;
  }
}

/**
 * Draws pixel columns into braille cells of 2 x 4 dots: each column as the line from its minimum to its maximum,
 * joined to its neighbours through its first and last value. This keeps what M4 keeps (Jugel et al., 2014,
 * doi:10.14778/2732951.2732953): every extreme has its dot, whatever the number of points behind it.
 *
 * @param lines two pixel columns for each of `width` cells; the last line is drawn over the others, the smoothed ones over all raw ones.
 */
export function brailleChart(
  lines: readonly ChartLine[],
  width: number,
  height: number,
  kind: YScale,
): BrailleChart {
  const scale = scaleFor(
    lines.flatMap(({ columns }) => [columns.min, columns.max]),
    kind,
  );
  const canvas = new Canvas(width, height);
  const marks = new Uint8Array(width);
  const drawn: { colour: number; dots: Uint8Array }[] = [];
  const cells: Cells = {
    width,
    rowOf: (value) => Math.round((1 - scale.share(value)) * (height * 4 - 1)),
    holds: scale.holds,
  };
  let hidden = 0;
  for (const { columns, superseded, colour } of lines) {
    const raw = new Uint8Array(width * height);
    hidden += drawRaw(raw, columns, marks, cells);
    canvas.lay(raw, superseded ? CELL.superseded : CELL.raw, colour);
    if (!superseded) drawn.push({ colour, dots: raw });
  }
  for (const { columns, smoothed, colour } of lines) {
    if (smoothed === null) continue;
    const line = new Uint8Array(width * height);
    drawSmoothed(line, smoothed, columns, cells);
    canvas.lay(line, CELL.smoothed, colour);
  }
  const { owners, colours } = canvas;
  return { rows: canvas.rows(), owners, colours, lines: drawn, marks, hidden, scale };
}

/** Where values stand among the cells. */
interface Cells {
  readonly width: number;
  readonly rowOf: (value: number) => number;
  readonly holds: (value: number) => boolean;
}

/** @returns how many extremes have no dot. */
function drawRaw(
  raw: Uint8Array,
  columns: ChartColumns,
  marks: Uint8Array,
  { width, rowOf, holds }: Cells,
): number {
  let hidden = 0;
  let before = -1;
  let beforeX = -1;
  for (let x = 0; x < columns.min.length; x++) {
    if (columns.nonFinite[x]! > 0) {
      before = -1;
      marks[x >> 1] = MARK.nonFinite;
    }
    if (Number.isNaN(columns.min[x]!)) continue;
    const reach = [columns.min[x]!, columns.max[x]!];
    const seen = reach.filter(holds);
    hidden += new Set(reach).size - new Set(seen).size;
    if (seen.length < reach.length) marks[x >> 1] = Math.max(marks[x >> 1]!, MARK.belowScale);
    if (seen.length === 0) {
      before = -1;
      continue;
    }
    column(raw, width, x, rowOf(seen[0]!), rowOf(seen.at(-1)!));
    const first = holds(columns.first[x]!) ? rowOf(columns.first[x]!) : -1;
    if (columns.joined[x] === 0) before = -1;
    if (before >= 0 && first >= 0) join(raw, width, beforeX, before, x, first);
    before = holds(columns.last[x]!) ? rowOf(columns.last[x]!) : -1;
    beforeX = x;
  }
  return hidden;
}

function drawSmoothed(
  line: Uint8Array,
  smoothed: Float64Array,
  columns: ChartColumns,
  { width, rowOf, holds }: Cells,
): void {
  let before = -1;
  let beforeX = -1;
  for (let x = 0; x < smoothed.length; x++) {
    if (columns.nonFinite[x]! > 0 || columns.joined[x] === 0) before = -1;
    if (!holds(smoothed[x]!)) {
      // Without a smoothed value the line goes on; one with no place on the scale breaks it.
      if (!Number.isNaN(smoothed[x]!)) before = -1;
      continue;
    }
    const y = rowOf(smoothed[x]!);
    dot(line, width, x, y);
    if (before >= 0) join(line, width, beforeX, before, x, y);
    before = y;
    beforeX = x;
  }
}

function dot(cells: Uint8Array, width: number, x: number, y: number): void {
  cells[(y >> 2) * width + (x >> 1)]! |= DOTS[x & 1 ? 1 : 0][(y & 3) as 0 | 1 | 2 | 3];
}

function column(cells: Uint8Array, width: number, x: number, a: number, b: number): void {
  for (let y = Math.min(a, b); y <= Math.max(a, b); y++) dot(cells, width, x, y);
}

function join(
  cells: Uint8Array,
  width: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  const steps = toX - fromX;
  let last = fromY;
  for (let k = 1; k < steps; k++) {
    const y = Math.round(fromY + ((toY - fromY) * k) / steps);
    dot(cells, width, fromX + k, y);
    last = y;
  }
  // The rise between neighbours is shared out, half to each, so that no column reaches past its own extremes by more.
  if (Math.abs(toY - last) > 1) {
    const middle = Math.round((last + toY) / 2);
    column(cells, width, fromX + steps - 1, last, middle);
    column(cells, width, toX, middle, toY);
  }
}

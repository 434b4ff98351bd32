import { escapeText } from "../format/escape-text.ts";
import { formatCount } from "../format/number-text.ts";
import type { LinePart } from "../format/painted-line.ts";
import type { Style } from "../format/style.ts";
import { fitText, textWidth } from "../format/text-width.ts";
import { type BrailleChart, CELL } from "./braille-chart.ts";

/** A line's name, and which colour it has. */
export interface LegendItem {
  readonly label: string;
  readonly colour: number;
}

/** What a name keeps, however many lines there are. */
const LEAST_NAME = 8;
/** The sign before a name, and the spaces around it. */
const BESIDE = 4;

/**
 * Names as many lines as fit, the last one first, with what tells them apart: their colour, or without colours the digit
 * at their end. Names lose their middle before any is left out; those that are left out are counted.
 */
export function legendParts(items: readonly LegendItem[], columns: number, style: Style): LinePart[] {
  const last = items.slice(-Math.ceil(columns / BESIDE)).reverse();
  const names = last.map(({ label }) => escapeText(label));
  const widths = names.map(textWidth);
  let count = names.length;
  const more = (): string => (count < items.length ? `+${formatCount(items.length - count)} more` : "");
  const fits = (name: number): boolean =>
    widths.slice(0, count).reduce((sum, width) => sum + BESIDE + Math.min(width, name), more().length) <=
    columns;
  while (count > 1 && !fits(LEAST_NAME)) count--;
  let name = Math.max(LEAST_NAME, columns - BESIDE);
  while (name > LEAST_NAME && !fits(name)) name--;
  const parts = last.slice(0, count).map(({ colour }, k): LinePart => {
    const sign = style.on ? "━" : digitOf(colour);
    return [`${sign} ${fitText(names[k]!, name)}  `, style.line(colour)];
  });
  return [...parts, [more(), style.dim]];
}

/**
 * The rows of a chart without colours: a digit stands where each line ends, at the last cell that is its own, or where
 * others cover all of it at its last one without a digit.
 */
export function rowsWithDigits({ rows, owners, colours, lines }: BrailleChart, width: number): string[] {
  const height = rows.length;
  const lastCell = (fits: (at: number) => boolean): number | undefined => {
    for (let k = width * height - 1; k >= 0; k--) {
      const at = (k % height) * width + Math.floor(k / height);
      if (fits(at)) return at;
    }
    return undefined;
  };
  const digits = new Map<number, string>();
  const covered = lines.filter(({ colour }) => {
    const end = lastCell((at) => owners[at]! > CELL.superseded && colours[at] === colour);
    if (end !== undefined) digits.set(end, digitOf(colour));
    return end === undefined;
  });
  for (const { colour, dots } of covered) {
    const end = lastCell((at) => dots[at]! > 0 && !digits.has(at));
    if (end !== undefined) digits.set(end, digitOf(colour));
  }
  const cells = rows.join("").split("");
  for (const [at, digit] of digits) cells[at] = digit;
  return rows.map((_, r) => cells.slice(r * width, (r + 1) * width).join(""));
}

/** What stands for a line where there are no colours: the number of its run, of those beyond 9 a letter. */
function digitOf(colour: number): string {
  return ((colour + 1) % 36).toString(36);
}

import { fitText, textWidth } from "./text-width.ts";

/** A stretch of text and how it is painted; the text holds no escape sequences. */
export type LinePart = string | readonly [text: string, paint: (text: string) => string];

/** Writes parts one after the other into at most `columns` columns; what does not fit is cut with an ellipsis. */
export function paintLine(parts: readonly LinePart[], columns: number): string {
  let room = columns;
  let line = "";
  for (const part of parts) {
    const [text, paint] = typeof part === "string" ? [part, plain] : part;
    const fitted = room < 1 ? "" : fitEnd(text, room);
    room -= textWidth(fitted);
    line += paint(fitted);
    if (fitted !== text) break;
  }
  return line;
}

function plain(text: string): string {
  return text;
}

function fitEnd(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  // Twice the text keeps its whole first half, so the cut falls at the end.
  let end = text.length;
  while (end > 0 && textWidth(text.slice(0, end)) > columns - 1) end--;
  return columns === 1 ? fitText(text, 1) : `${text.slice(0, end)}…`;
}

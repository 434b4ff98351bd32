import { textWidth } from "./text-width.ts";

/** Sets items one after the other into lines of at most `columns`, two spaces apart; an item is never cut. */
export function wrapItems(items: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const item of items) {
    if (line !== "" && textWidth(line) + 2 + textWidth(item) > columns) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? item : `  ${item}`;
  }
  return line === "" ? lines : [...lines, line];
}

import { textWidth } from "../format/text-width.ts";

/**
 * Breaks a sentence at its spaces into lines of at most `columns` columns; a number stays with its °C or %, and a longer
 * word has a line of its own.
 */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/ (?![°%])/)) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

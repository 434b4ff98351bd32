let segmenter: Intl.Segmenter | undefined;
const ASCII = /^[\u0020-\u007e]*$/;
const ZERO = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** Measures text in terminal columns, by grapheme: East Asian wide and emoji count two, marks none. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment);
  return width;
}

/** Shortens text to at most `columns`, with an ellipsis in the middle, where names differ least. */
export function fitText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  const parts = Array.from(graphemesOf(text), ({ segment }) => segment);
  const head: string[] = [];
  const tail: string[] = [];
  let room = columns - 1;
  for (let i = 0, j = parts.length - 1; i <= j;) {
    const fromHead = head.length <= tail.length;
    const part = fromHead ? parts[i++]! : parts[j--]!;
    room -= graphemeWidth(part);
    if (room < 0) break;
    if (fromHead) head.push(part);
    else tail.unshift(part);
  }
  return columns < 1 ? "" : `${head.join("")}…${tail.join("")}`;
}

/** Fills text with spaces up to `columns`. */
export function padText(text: string, columns: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, columns - textWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** The segmenter takes some 7 ms to make, and most texts need none. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}

function graphemeWidth(segment: string): number {
  if (ZERO.test(segment)) return 0;
  return WIDE.test(segment) ? 2 : 1;
}

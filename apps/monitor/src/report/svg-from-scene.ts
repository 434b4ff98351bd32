import type { ChartScene, SceneShape } from "./chart-scene.ts";

/** Writes a chart as an SVG picture. Text from logs stands in it as text alone. */
export function svgFromScene({ width, height, shapes }: ChartScene): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...shapes.map(elementOf),
    "</svg>\n",
  ].join("\n");
}

function elementOf(shape: SceneShape): string {
  if (shape.kind === "text") {
    const { at, anchor, size, isBold, colour, text } = shape;
    const weight = isBold ? ` font-weight="600"` : "";
    return `<text x="${fix(at[0])}" y="${fix(at[1])}" text-anchor="${anchor}" font-size="${size}"${weight} fill="${colour}">${escaped(text)}</text>`;
  }
  const { lines, colour, width, opacity } = shape;
  // A line of one point is a dot where its ends are round.
  const path = lines
    .map(
      (line) => `M${line.map(([x, y]) => `${fix(x)} ${fix(y)}`).join("L")}${line.length === 1 ? "h0" : ""}`,
    )
    .join("");
  const faint = opacity === 1 ? "" : ` opacity="${opacity}"`;
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round"${faint}/>`;
}

function fix(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Text that is text wherever it stands in a document. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

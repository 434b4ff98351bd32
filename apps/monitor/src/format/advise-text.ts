import type { Advice } from "../advise/advice.ts";
import { escapeText } from "./escape-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import { formatPlural } from "./plural-text.ts";
import type { Style } from "./style.ts";
import { formatTable } from "./table-text.ts";

/** Writes an advice: the losses with the reason of each, the figures, and what cannot be told. */
export function formatAdvice(
  { task, predictions, count, notFinite, missing, figures, advice, limits }: Advice,
  style: Style,
): string {
  const kind = task === "regression" ? task : `${task} classification, predictions taken for ${predictions}`;
  const counted = [
    formatPlural(count, "pair"),
    ...(notFinite > 0 ? [`${formatCount(notFinite)} of them not finite`] : []),
    ...(missing > 0 ? [`${formatCount(missing)} missing`] : []),
  ];
  const lines = [
    `${style.bold(kind)}: ${counted.join(", ")}`,
    "",
    ...advice.flatMap(({ loss, params, why }, i) => {
      const given = Object.entries(params).map(
        ([name, value]) => `${name}=${JSON.stringify(value).replaceAll('"', "")}`,
      );
      const spec = given.length === 0 ? loss : `${loss}:${given.join(",")}`;
      return [`${i === 0 ? style.green("advised") : "or"}  ${style.cyan(escapeText(spec))}`, `    ${why}`];
    }),
    "",
    ...formatTable(
      [{ title: "figure" }, { title: "value", align: "right" }, { title: "meaning" }],
      figures.map(({ name, value, meaning }) => [name, formatNumber(value, 4), meaning]),
      style,
    ),
    "",
    style.dim("What this cannot tell:"),
    ...limits.map((limit) => style.dim(`- ${limit}`)),
  ];
  return `${lines.join("\n")}\n`;
}

import type { DescribedLoss, DescribedParameter } from "@lossflow/core/texts";
import type { MetricInfo } from "@lossflow/streaming";
import type { Style } from "./style.ts";
import { formatTable } from "./table-text.ts";

const SYMBOLS =
  "t target, p probability, x logit or other prediction, d = x - t, C classes; tp, fp, fn, tn counts of elements, p above the\nthreshold being positive. lossflow losses ID says what the parameters of one of them mean.";

/** Writes every loss and every metric with its formula and, below it, its parameters and their defaults. */
export function formatLosses(
  losses: readonly DescribedLoss[],
  metrics: readonly MetricInfo[],
  style: Style,
): string {
  const width = Math.max(...losses.map((loss) => loss.id.length)) + 2;
  const list = (entries: readonly (DescribedLoss | MetricInfo)[]): string[] =>
    entries.flatMap(({ id, formula, parameters }) => {
      const line = style.cyan(id.padEnd(width)) + formula;
      if (parameters.length === 0) return [line];
      const defaults = parameters.map((parameter) => `${parameter.name}=${formatDefault(parameter)}`);
      return [line, " ".repeat(width) + style.dim(defaults.join("  "))];
    });
  return [
    ...list(losses),
    "",
    style.bold("Metrics, for eval --metric ID[:k=v,...]"),
    ...list(metrics),
    "",
    style.dim(SYMBOLS),
    "",
  ].join("\n");
}

/** Writes one loss with what each parameter means. */
export function formatLoss(loss: DescribedLoss, style: Style): string {
  const lines = [
    `${style.bold(loss.id)}  ${style.dim(`${loss.factory}() in @lossflow/core`)}`,
    `  ${loss.formula}`,
    "",
    `  of each ${loss.unit}; targets: ${TARGETS[loss.target]}`,
  ];
  if (!loss.decomposable) lines.push("  depends on the whole: no min, max or top");
  return `${[...lines, ...formatParameters(loss.parameters, style)].join("\n")}\n`;
}

/** Writes one metric with what each parameter means. */
export function formatMetric({ id, formula, parameters }: MetricInfo, style: Style): string {
  const lines = [`${style.bold(id)}  ${style.dim("a metric, for eval --metric")}`, `  ${formula}`];
  return `${[...lines, ...formatParameters(parameters, style)].join("\n")}\n`;
}

function formatParameters(parameters: readonly DescribedParameter[], style: Style): string[] {
  if (parameters.length === 0) return [];
  const rows = parameters.map((parameter) => [
    parameter.name,
    formatDefault(parameter),
    parameter.choices === undefined
      ? parameter.about
      : `${parameter.about} (${parameter.choices.join(", ")})`,
  ]);
  const columns = [{ title: "parameter" }, { title: "default" }, { title: "meaning" }];
  return ["", ...formatTable(columns, rows, style).map((line) => `  ${line}`)];
}

const TARGETS: Readonly<Record<DescribedLoss["target"], string>> = {
  real: "a real number",
  probability: "a probability, 0 to 1, or a boolean",
  label: "an integer from 0 to C - 1",
  distribution: "C probabilities",
  sign: "-1 or 1",
  vector: "C real numbers",
};

function formatDefault(parameter: DescribedParameter): string {
  return parameter.default === null ? "none" : String(parameter.default);
}

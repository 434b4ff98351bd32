import type { LossInfo, ParameterInfo } from "@lossflow/core";
import type { Style } from "./style.ts";
import { formatTable } from "./table-text.ts";

const SYMBOLS =
  "t target, p probability, x logit or other prediction, d = x - t, C classes.\nlossflow losses ID says what the parameters of one loss mean.";

/** Writes every loss with its formula and, below it, its parameters and their defaults. */
export function formatLosses(losses: readonly LossInfo[], style: Style): string {
  const width = Math.max(...losses.map((loss) => loss.id.length)) + 2;
  const lines = losses.flatMap((loss) => {
    const parameters = loss.parameters.map((parameter) => `${parameter.name}=${formatDefault(parameter)}`);
    const formula = style.cyan(loss.id.padEnd(width)) + loss.formula;
    return parameters.length === 0
      ? [formula]
      : [formula, " ".repeat(width) + style.dim(parameters.join("  "))];
  });
  return `${lines.join("\n")}\n\n${style.dim(SYMBOLS)}\n`;
}

/** Writes one loss with what each parameter means. */
export function formatLoss(loss: LossInfo, style: Style): string {
  const lines = [
    `${style.bold(loss.id)}  ${style.dim(`${loss.factory}() in @lossflow/core`)}`,
    `  ${loss.formula}`,
    "",
    `  of each ${loss.unit}; targets: ${TARGETS[loss.target]}`,
  ];
  if (!loss.decomposable) lines.push("  depends on the whole: no min, max or top");
  if (loss.parameters.length > 0) {
    const rows = loss.parameters.map((parameter) => [
      parameter.name,
      formatDefault(parameter),
      parameter.choices === undefined
        ? parameter.about
        : `${parameter.about} (${parameter.choices.join(", ")})`,
    ]);
    const columns = [{ title: "parameter" }, { title: "default" }, { title: "meaning" }];
    lines.push("", ...formatTable(columns, rows, style).map((line) => `  ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

const TARGETS: Readonly<Record<LossInfo["target"], string>> = {
  real: "a real number",
  probability: "a probability, 0 to 1, or a boolean",
  label: "an integer from 0 to C - 1",
  distribution: "C probabilities",
  sign: "-1 or 1",
  vector: "C real numbers",
};

function formatDefault(parameter: ParameterInfo): string {
  return parameter.default === null ? "none" : String(parameter.default);
}

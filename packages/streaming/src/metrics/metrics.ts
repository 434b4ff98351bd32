import { LossflowError, nearestNames } from "@lossflow/core";
import type { DescribedParameter } from "@lossflow/core/texts";
import { binaryMetric, type BinaryCounts } from "./binary-metric.ts";
import { elementMetric } from "./element-metric.ts";
import { accuracyOf, macroF1, macroPrecision, macroRecall } from "./figures-of-confusion.ts";
import { confusionMetric, topKAccuracy } from "./label-metric.ts";
import type { Metric } from "./metric.ts";

/** A metric by its id and its parameters. */
export interface MetricSpec {
  readonly metric: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What there is to know of a metric without using it. */
export interface MetricInfo {
  readonly id: string;
  /** p the prediction, t the target; tp, fp, fn, tn weighted counts of elements, p above the threshold being positive. */
  readonly formula: string;
  readonly parameters: readonly DescribedParameter[];
  create(params: Readonly<Record<string, number | null>>): Metric;
}

const THRESHOLD = number("threshold", 0.5, "predictions above it say 1; 0 for logits");
const BETA = number("beta", 1, "how many times as much recall counts as precision");
const IGNORE = integer("ignore_index", null, "rows with this label are left out");
const CLASSES = integer("classes", null, "how many there are, 2 to 64; told by the names of classes too");

/** Every metric. */
export const METRICS: readonly MetricInfo[] = [
  classMetric("accuracy", "share of rows whose label has the highest score", [], (_, ignore) =>
    topKAccuracy("accuracy", 1, ignore, {}),
  ),
  classMetric(
    "top_k_accuracy",
    "share of rows whose label is among the k highest scores",
    [integer("k", 5, "how many, from 1")],
    ({ k }, ignore) => topKAccuracy("top_k_accuracy", whole("top_k_accuracy", "k", k!, 1), ignore, { k }),
  ),
  confusion("confusion", "accuracy, and the matrix: a row a label, a column a class predicted", accuracyOf),
  confusion("macro_precision", "mean over classes of tp / (tp + fp)", macroPrecision),
  confusion("macro_recall", "mean over classes of tp / (tp + fn)", macroRecall),
  confusion("macro_f1", "mean over classes of 2 tp / (2 tp + fp + fn)", macroF1),
  info("label_accuracy", "share of p = t", [], () =>
    elementMetric(
      "label_accuracy",
      "label",
      "hits",
      (p, t) => (p === t ? 1 : 0),
      (mean) => mean,
    ),
  ),
  binary(
    "binary_accuracy",
    "(tp + tn) / (tp + fp + fn + tn)",
    ({ tp, fp, fn, tn }) => (tp + tn) / (tp + fp + fn + tn),
  ),
  binary("precision", "tp / (tp + fp)", ({ tp, fp }) => tp / (tp + fp)),
  binary("recall", "tp / (tp + fn)", ({ tp, fn }) => tp / (tp + fn)),
  binary("specificity", "tn / (tn + fp)", ({ tn, fp }) => tn / (tn + fp)),
  info(
    "f_beta",
    "(1 + beta^2) tp / ((1 + beta^2) tp + beta^2 fn + fp)",
    [THRESHOLD, BETA],
    ({ threshold, beta }) => {
      if (!(beta! > 0)) throw badParameter("f_beta", "beta", beta, "a number above 0");
      return binaryMetric("f_beta", { threshold: threshold!, beta: beta! }, (counts) => fBeta(counts, beta!));
    },
  ),
  binary("f1", "2 tp / (2 tp + fn + fp)", (counts) => fBeta(counts, 1)),
  info("rmse", "sqrt(mean of (p - t)^2)", [], () =>
    elementMetric("rmse", "real", "squares", (p, t) => (p - t) ** 2, Math.sqrt),
  ),
];

/**
 * Makes a metric from its id and parameters.
 * @throws LF_UNKNOWN_METRIC, naming the nearest ids; LF_BAD_PARAMETER
 */
export function metricFromSpec({ metric, params }: MetricSpec): Metric {
  const found = metricInfo(metric);
  const given: Record<string, number | null> = {};
  for (const { name, default: fallback } of found.parameters) given[name] = fallback as number | null;
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value === null || value === undefined) continue;
    if (!(name in given)) {
      const known = Object.keys(given);
      const takes = known.length === 0 ? "no parameters" : known.join(", ");
      throw new LossflowError(
        "LF_BAD_PARAMETER",
        `${metric} has no parameter "${name}"; it takes ${takes}.`,
        {
          got: name,
        },
      );
    }
    if (typeof value !== "number" || !Number.isFinite(value))
      throw badParameter(metric, name, value, "a finite number");
    given[name] = value;
  }
  return found.create(given);
}

/** Looks a metric up by its id. @throws LF_UNKNOWN_METRIC, naming the nearest ids. */
export function metricInfo(id: string): MetricInfo {
  const found = METRICS.find((entry) => entry.id === id);
  if (found !== undefined) return found;
  const ids = METRICS.map((entry) => entry.id);
  const near = nearestNames(id, ids);
  const hint = near.length > 0 ? `did you mean ${near.join(", ")}?` : `there are ${ids.join(", ")}.`;
  throw new LossflowError("LF_UNKNOWN_METRIC", `There is no metric "${id}": ${hint}`, { got: id });
}

type Params = Readonly<Record<string, number | null>>;

function info(
  id: string,
  formula: string,
  parameters: readonly DescribedParameter[],
  create: MetricInfo["create"],
): MetricInfo {
  return { id, formula, parameters, create };
}

function binary(id: string, formula: string, figure: (counts: BinaryCounts) => number): MetricInfo {
  return info(id, formula, [THRESHOLD], ({ threshold }) =>
    binaryMetric(id, { threshold: threshold! }, figure),
  );
}

function classMetric(
  id: string,
  formula: string,
  parameters: readonly DescribedParameter[],
  create: (params: Params, ignoreIndex: number | null) => Metric,
): MetricInfo {
  return info(id, formula, [...parameters, IGNORE], (params) => create(params, params["ignore_index"]!));
}

function confusion(
  id: string,
  formula: string,
  figure: (matrix: readonly number[], classes: number) => number,
): MetricInfo {
  return classMetric(id, formula, [CLASSES], ({ classes }, ignoreIndex) =>
    confusionMetric(id, whole(id, "classes", classes!, 2, 64), ignoreIndex, figure),
  );
}

function fBeta({ tp, fp, fn }: BinaryCounts, beta: number): number {
  const square = beta * beta;
  return ((1 + square) * tp) / ((1 + square) * tp + square * fn + fp);
}

function whole(id: string, name: string, value: number | null, low: number, high: number = Infinity): number {
  if (Number.isInteger(value) && value! >= low && value! <= high) return value!;
  const due = `a whole number from ${low}${high < Infinity ? ` to ${high}` : ""}`;
  if (value !== null) throw badParameter(id, name, value, due);
  throw new LossflowError(
    "LF_BAD_PARAMETER",
    `${id} needs ${name}, ${due}: ${id}:${name}=10 on the command line, params: { ${name}: 10 } in a program.`,
    { expected: due, got: "nothing" },
  );
}

function badParameter(id: string, name: string, value: unknown, due: string): LossflowError {
  return new LossflowError(
    "LF_BAD_PARAMETER",
    `${id} takes ${due} as ${name}, not ${value === null ? "nothing" : JSON.stringify(value)}.`,
    { got: String(value) },
  );
}

function number(name: string, fallback: number, about: string): DescribedParameter {
  return { name, kind: "number", default: fallback, about };
}

function integer(name: string, fallback: number | null, about: string): DescribedParameter {
  return { name, kind: "integer", default: fallback, about };
}

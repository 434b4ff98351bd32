import { existsSync } from "node:fs";
import { lossFromSpec } from "@lossflow/core";
import type { Engine, TableSource } from "@lossflow/streaming";
import type { Context } from "./context.ts";
import { lossSpecsFromText, metricSpecsFromText, type LossSpec, type MetricSpec } from "./loss-specs.ts";
import { UsageError } from "./usage-error.ts";

/** Flags that name losses and the columns they read. */
export interface LossColumns {
  readonly loss?: readonly string[];
  readonly metric?: readonly string[];
  readonly param?: readonly string[];
  readonly target?: string;
  readonly prediction?: string;
  readonly weight?: string;
  readonly var?: string;
  readonly classes?: readonly string[];
  readonly engine?: "auto" | Engine;
}

/** What the engine is asked for, the pool aside. */
export interface LossJob {
  readonly losses: readonly LossSpec[];
  readonly metrics: readonly MetricSpec[];
  readonly target: string;
  readonly prediction: string;
  readonly weight: string | undefined;
  readonly variance: string | undefined;
  readonly classes: readonly string[] | undefined;
}

/**
 * Checks the flags that name losses and columns. `command` is the one they were given to.
 * @throws LF_USAGE, LF_UNKNOWN_LOSS, LF_BAD_PARAMETER
 */
export function lossJobFromOptions(command: string, options: LossColumns): LossJob {
  const needed = <T>(value: T | undefined, flag: string): T => {
    if (value === undefined) throw new UsageError(`${command} needs ${flag}; --help explains it.`);
    return value;
  };
  const metrics = metricSpecsFromText(options.metric);
  const losses =
    metrics.length > 0 ? (options.loss ?? []) : needed(options.loss, "--loss ID, such as --loss mse");
  const target = needed(options.target, "--target COLUMN");
  const prediction = needed(options.prediction, "--prediction COLUMN");
  const specs = lossSpecsFromText(losses, options.param);
  for (const spec of specs) {
    const { loss, params } = spec;
    if (lossFromSpec({ loss, params }).readsVariance && (spec.variance ?? options.var) === undefined)
      throw new UsageError(`${spec.loss} reads the variance of each row: name its column with --var.`);
  }
  const { weight, var: variance, classes } = options;
  return { losses: specs, metrics, target, prediction, weight, variance, classes };
}

/**
 * The tables that sources name: a pattern is the files it matches in the order of their names, `-` standard input; the
 * engine knows folders and addresses.
 * @throws LF_USAGE where standard input is named twice.
 */
export async function tablesFromSources(
  context: Context,
  sources: readonly string[],
): Promise<(string | TableSource)[]> {
  if (sources.filter((source) => source === "-").length > 1)
    throw new UsageError("Standard input can be read once: give - once among the sources.");
  const { streamSource } = await import("@lossflow/streaming/node");
  const files = (await Promise.all(sources.map(filesOf))).flat();
  return files.map((file) => (file === "-" ? streamSource(context.stdin, "standard input") : file));
}

/** The log readers know patterns; they are loaded for one alone. */
async function filesOf(source: string): Promise<readonly string[]> {
  if (!/[*?[{]/.test(source) || /^[a-z][a-z\d+.-]+:\/\//i.test(source) || existsSync(source)) return [source];
  const { discoverRuns } = await import("@lossflow/logs/node");
  return discoverRuns([source]).flatMap(({ paths }) => paths);
}

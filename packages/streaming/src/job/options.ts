import {
  LossflowError,
  nearestNames,
  type LossSpec,
  type NanPolicy,
  type RunningReduction,
} from "@lossflow/core";
import type { MetricSpec } from "../metrics/metrics.ts";
import type { Progress } from "./snapshot.ts";
import type { LossWindow } from "./window-option.ts";
import type { Pool } from "../pool/create-pool.ts";

/**
 * A column, or several that make one list a row: a name, names parted by commas (`p0,p1,p2`), a pattern (`p_*`, in the
 * order of the numbers in it), or an array of those. A name that a column has is never split.
 */
export type ColumnNames = string | readonly string[];

/** A loss with a name or columns of its own, in place of those of the job: several heads of a model in one pass. */
export interface LossOfColumns extends LossSpec {
  /** Stands in the result, to tell it from others of the same loss. */
  readonly name?: string | undefined;
  readonly target?: ColumnNames | undefined;
  readonly prediction?: ColumnNames | undefined;
  readonly weight?: string | undefined;
  readonly variance?: string | undefined;
}

/** A metric with a name or columns of its own. */
export interface MetricOfColumns extends MetricSpec {
  readonly name?: string | undefined;
  readonly target?: ColumnNames | undefined;
  readonly prediction?: ColumnNames | undefined;
  readonly weight?: string | undefined;
}

/** What a job evaluates, and how. */
export interface LossJobOptions {
  /** The losses, by id or with parameters; results come in this order. None where there are metrics. */
  readonly losses: readonly (string | LossOfColumns)[];
  /** Metrics beside them, in the same pass: accuracy, f1, confusion, ... ({@link METRICS}). */
  readonly metrics?: readonly (string | MetricOfColumns)[] | undefined;
  /** Numbers, labels (`classes` for labels in text), or lists. */
  readonly target: ColumnNames;
  readonly prediction: ColumnNames;
  /** One factor a row, finite and not negative; 0 leaves the row out. It multiplies with class weights. */
  readonly weight?: string | undefined;
  /** The variance of each row; gaussian_nll needs it. */
  readonly variance?: string | undefined;
  /** Columns to group by; each group has results of its own. */
  readonly by?: ColumnNames | undefined;
  /**
   * Whether the last snapshot gives its groups as `lazyGroups`, read one by one, in place of an array, which takes some
   * 430 bytes a group.
   */
  readonly lazyGroups?: boolean | undefined;
  /** Windows of rows, steps or times, each with results of its own. */
  readonly window?: LossWindow | undefined;
  /** How many of the highest losses are kept with their rows. */
  readonly top?: number | undefined;
  /** Columns whose values are shown with those rows. */
  readonly show?: ColumnNames | undefined;
  /**
   * Shares from 0 to 1, such as [0.5, 0.99]: the quantiles of the losses, of all rows and of each group and window, each
   * within 1 part in 256 of a loss of that rank. Weights do not count for them; infinities do, NaN does not.
   */
  readonly quantiles?: readonly number[] | undefined;
  /** What `value` is. Default: what the loss's own parameters say, else the mean. */
  readonly reduction?: RunningReduction | undefined;
  /** What a loss that is not finite does. Default `count`: it is counted and left out of sum and mean. */
  readonly nan?: NanPolicy | undefined;
  /** The texts that stand for labels 0, 1, 2, ..., each once. An integer that is none of them is the label itself. */
  readonly classes?: readonly string[] | undefined;
  readonly pool: Pool;
  /**
   * Whether a chunk on which three workers failed is left out and named in each snapshot. Default false: it ends the
   * job with LF_CHUNK_FAILED.
   */
  readonly quarantine?: boolean | undefined;
  /** Ends the job with LF_ABORTED and frees its workers. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds between snapshots, at least. Default 250; 0 gives one after each chunk, Infinity none but the last,
   * which always comes.
   */
  readonly every?: number | undefined;
  /**
   * Is told how far the job has come, at most every 100 ms, and at its end: a Subject of RxJS, or an object with a function
   * `next`.
   * Cheaper than snapshots where there are many groups.
   */
  readonly progress?: { next(progress: Progress): void } | undefined;
}

/** Every option there is; `checkpoint` is of the Node entry. A misspelt one would be silently without effect. */
const NAMES: readonly string[] = Object.keys({
  losses: true,
  metrics: true,
  target: true,
  prediction: true,
  weight: true,
  variance: true,
  by: true,
  lazyGroups: true,
  window: true,
  top: true,
  show: true,
  quantiles: true,
  reduction: true,
  nan: true,
  classes: true,
  pool: true,
  quarantine: true,
  signal: true,
  every: true,
  progress: true,
  checkpoint: true,
} satisfies Record<keyof LossJobOptions | "checkpoint", true>);

const NAMES_OF_METRIC: readonly string[] = Object.keys({
  metric: true,
  params: true,
  name: true,
  target: true,
  prediction: true,
  weight: true,
} satisfies Record<keyof MetricOfColumns, true>);

/**
 * Checks that options are those there are, that losses and columns are there and of their kind, and that no class is
 * named twice: what the types say to those who write JavaScript.
 * @throws LF_BAD_OPTION
 */
export function checkOptions(given: LossJobOptions): void {
  const options: unknown = given;
  if (typeof options !== "object" || options === null)
    throw badOption("there are none; give losses, target, prediction and pool.");
  const unknown = unknownNameIn(options, NAMES);
  if (unknown !== undefined) throw badOption(unknown);
  const { losses, metrics = [], target, prediction, by, show }: Readonly<Partial<LossJobOptions>> = options;
  const { classes, quantiles, progress, signal, lazyGroups, quarantine }: Readonly<Partial<LossJobOptions>> =
    options;
  if (!Array.isArray(losses)) throw badOption('losses are not an array; give one, such as ["mse"].');
  if (losses.some((loss: unknown) => !isIdOrSpec(loss, "loss")))
    throw badOption('a loss is neither an id nor an object such as { loss: "huber", params: { delta: 2 } }.');
  if (!Array.isArray(metrics)) throw badOption('metrics are not an array; give one, such as ["rmse"].');
  if (metrics.some((one: unknown) => !isIdOrSpec(one, "metric")))
    throw badOption(
      'a metric is neither an id nor an object such as { metric: "f1", params: { threshold: 0.3 } }.',
    );
  if (target === undefined) throw badOption("target is not given; name its column.");
  if (prediction === undefined) throw badOption("prediction is not given; name its column.");
  checkColumns({ target, prediction }, 1);
  checkColumns({ by, show }, 0);
  for (const one of [...losses, ...metrics] as (string | LossOfColumns | MetricOfColumns)[]) {
    if (typeof one === "string") continue;
    checkColumns({ target: one.target, prediction: one.prediction }, 1);
    const { name, weight, variance }: Partial<LossOfColumns> = one;
    for (const [option, value] of Object.entries({ name, weight, variance }))
      if (value !== undefined && typeof value !== "string")
        throw badOption(
          `${option} of a ${"loss" in one ? "loss" : "metric"} is no text; give one, or leave it out.`,
        );
    const ofMetric = "metric" in one ? unknownNameIn(one, NAMES_OF_METRIC) : undefined;
    if (ofMetric !== undefined) throw badOption(`of a metric ${ofMetric}`);
    if (typeof (one.params ?? {}) !== "object" || Array.isArray(one.params))
      throw badOption("params are no object; give their values by name, such as { delta: 2 }.");
  }
  if (quantiles !== undefined && !Array.isArray(quantiles))
    throw badOption("quantiles are not an array; give one, such as [0.5, 0.99].");
  if (quantiles?.some((share: unknown) => typeof share !== "number") === true)
    throw badOption("a quantile is no number; give numbers from 0 to 1, such as [0.5, 0.99].");
  for (const [name, value] of Object.entries({ lazyGroups, quarantine }))
    if (value !== undefined && typeof value !== "boolean")
      throw badOption(`${name} is neither true nor false; give one of them.`);
  if (progress !== undefined && typeof (progress as Partial<typeof progress> | null)?.next !== "function")
    throw badOption("progress has no function next; give a Subject, or { next(progress) {} }.");
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== "function")
    throw badOption("signal is none; give that of an AbortController.");
  if (classes === undefined) return;
  if (!Array.isArray(classes) || classes.some((name) => typeof name !== "string"))
    throw badOption("classes are not an array of names; give one, in the order of the labels.");
  const twice = classes.find((name, i) => classes.indexOf(name) !== i);
  if (twice !== undefined)
    throw badOption(`classes name ${JSON.stringify(twice)} twice; give each class a name of its own.`);
}

/** Whether it is a text, or an object whose `id` is one. */
function isIdOrSpec(given: unknown, id: "loss" | "metric"): boolean {
  if (typeof given === "string") return true;
  return (
    typeof given === "object" && given !== null && typeof new Map(Object.entries(given)).get(id) === "string"
  );
}

/** Checks that what is given names columns, `least` of them. */
function checkColumns(given: Readonly<Record<string, unknown>>, least: number): void {
  for (const [name, columns] of Object.entries(given)) {
    if (columns === undefined) continue;
    const names: unknown = typeof columns === "string" ? [columns] : columns;
    const isList = Array.isArray(names) && names.every((each) => typeof each === "string");
    if (!isList || names.length < least)
      throw badOption(`${name} does not name columns; give a name, or an array of names.`);
  }
}

/** Says which name in what is given is none of those there are; undefined where all are. */
export function unknownNameIn(given: object, names: readonly string[]): string | undefined {
  const unknown = Object.entries(given).find(([name, value]) => !names.includes(name) && value !== undefined);
  if (unknown === undefined) return undefined;
  const near = nearestNames(unknown[0], names);
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${names.join(", ")}.`;
  return `there is no ${unknown[0]}; ${hint}`;
}

/** The refusal of an option. */
export function badOption(why: string): LossflowError {
  return new LossflowError("LF_BAD_OPTION", `An option is wrong: ${why}`);
}

import {
  lossFromSpec,
  LossflowError,
  type Loss,
  type LossSpec,
  type ParameterInfo,
  type RunningReduction,
} from "@lossflow/core";
import type { Metric } from "../metrics/metric.ts";
import { metricFromSpec, metricInfo, type MetricSpec } from "../metrics/metrics.ts";
import type { Plan } from "../fold/plan.ts";
import {
  badOption,
  checkOptions,
  type LossJobOptions,
  type LossOfColumns,
  type MetricOfColumns,
} from "./options.ts";
import { formatGiven } from "./format-given.ts";
import { resolveColumns } from "./resolve-columns.ts";
import { windowPlanOf } from "./window-option.ts";

/** Name and columns of its own. */
type OwnColumns = Omit<LossOfColumns, "loss" | "params">;

/** A job's options, checked: the losses built, each with the reduction that its `value` is. */
export interface JobSpec {
  readonly options: LossJobOptions;
  readonly losses: readonly {
    readonly loss: Loss;
    readonly spec: LossSpec;
    readonly reduction: RunningReduction;
    readonly own: OwnColumns;
  }[];
  readonly metrics: readonly {
    readonly metric: Metric;
    readonly spec: MetricSpec;
    readonly own: OwnColumns;
  }[];
}

const REDUCTIONS: readonly string[] = [
  "mean",
  "sum",
  "mean_by_count",
  "sum_by_nonzero_weights",
  "weighted_mean",
  "mean_with_sample_weight",
  "sum_over_batch_size",
];
const ROLES = ["target", "prediction", "weight", "variance"] as const;
const POLICIES: readonly string[] = ["count", "skip", "propagate", "throw"];

/**
 * Checks what can be checked before any source is opened.
 * @param keepsCheckpoints whether the option `checkpoint`, which has been read elsewhere, has an effect
 * @throws LF_BAD_OPTION, LF_UNKNOWN_LOSS, LF_UNKNOWN_METRIC, LF_BAD_PARAMETER, LF_REDUCTION, LF_NOT_DECOMPOSABLE
 */
export function jobSpecFromOptions(options: LossJobOptions, keepsCheckpoints = false): JobSpec {
  checkOptions(options);
  if (!keepsCheckpoints && "checkpoint" in options && options.checkpoint !== undefined)
    throw badOption(
      "checkpoint is kept by runningLoss of @lossflow/streaming/node alone; call that, or leave it out.",
    );
  const { losses, nan = "count", window, top, every = 250, reduction, weight, variance } = options;
  const { show, quantiles, metrics = [] } = options;
  if (losses.length + metrics.length === 0)
    throw badOption("losses are none; name at least one, or a metric.");
  if (!POLICIES.includes(nan))
    throw badOption(`nan is ${formatGiven(nan)}; there are ${POLICIES.join(", ")}.`);
  if (window !== undefined) windowPlanOf(window, () => 0);
  if (top !== undefined && !(Number.isSafeInteger(top) && top >= 0)) {
    throw badOption(`top is ${formatGiven(top)}; give a whole number from 0 on.`);
  }
  if (show !== undefined && top === undefined)
    throw badOption("show names columns of the highest losses; give top too.");
  const share = quantiles?.find((one) => !(one >= 0 && one <= 1));
  if (share !== undefined) throw badOption(`a quantile is of the share ${share}; give numbers from 0 to 1.`);
  if (!(typeof every === "number" && every >= 0))
    throw badOption(`every is ${formatGiven(every)}; give milliseconds from 0 on.`);
  for (const [name, value] of Object.entries({ weight, variance })) {
    if (value !== undefined && typeof value !== "string")
      throw badOption(`${name} is not the name of a column.`);
  }
  return {
    options,
    losses: losses.map((given) => {
      const {
        name,
        target,
        prediction,
        weight: ownWeight,
        variance: ownVariance,
        ...spec
      }: LossOfColumns = typeof given === "string" ? { loss: given } : given;
      // A preset may average the last axis away; a stream does not.
      const loss = lossFromSpec({ ...spec, params: { ...spec.params, per_sample: false } });
      if (spec.params?.["per_sample"] === true) {
        throw new LossflowError(
          "LF_BAD_PARAMETER",
          `${loss.id} counts elements in a stream, each for itself, and per_sample would average those of a row; leave per_sample out.`,
        );
      }
      if ((top !== undefined || quantiles !== undefined) && !loss.decomposable) {
        throw new LossflowError(
          "LF_NOT_DECOMPOSABLE",
          `${loss.id} depends on the whole, so no row has a loss of its own; leave ${top === undefined ? "quantiles" : "top"} out.`,
        );
      }
      if (!loss.readsVariance && ownVariance !== undefined)
        throw badOption(`${loss.id} reads no variance; leave that of this loss out.`);
      if (loss.readsVariance && (ownVariance ?? variance) === undefined) {
        throw badOption(`variance is not given; ${loss.id} reads the variance of each row from a column.`);
      }
      return {
        loss,
        spec: { loss: loss.id, params: loss.params },
        reduction: runningReduction(reduction ?? loss.reduction),
        own: definedOf({ name, target, prediction, weight: ownWeight, variance: ownVariance }),
      };
    }),
    metrics: metrics.map((given) => {
      const {
        metric: id,
        params = {},
        ...own
      }: MetricOfColumns = typeof given === "string" ? { metric: given } : given;
      const named = options.classes !== undefined && metricInfo(id).parameters.some(isClassCount);
      const metric = metricFromSpec({
        metric: id,
        params: named ? { classes: options.classes.length, ...params } : params,
      });
      return { metric, spec: { metric: id, params: metric.params }, own: definedOf(own) };
    }),
  };
}

/** Finds the columns of the roles in one source. @throws LF_UNKNOWN_COLUMN, LF_AMBIGUOUS_COLUMN */
export function planFromColumns(spec: JobSpec, columns: readonly string[], source: string): Plan {
  const { options } = spec;
  const named: string[] = [];
  const position = (name: string): number => {
    const at = named.indexOf(name);
    return at === -1 ? named.push(name) - 1 : at;
  };
  const role = (names: LossJobOptions["target"]): number[] =>
    resolveColumns(names, columns, source).map(position);
  const single = (name: string | undefined): number | null =>
    name === undefined ? null : position(resolveColumns([name], columns, source)[0]!);
  const target = role(options.target);
  const prediction = role(options.prediction);
  const weight = single(options.weight);
  // One that no loss reads is not read, but is to be there.
  if (options.variance !== undefined) resolveColumns([options.variance], columns, source);
  const variance = single(spec.losses.some(({ loss }) => loss.readsVariance) ? options.variance : undefined);
  const measures = [...spec.losses, ...spec.metrics.map((one) => ({ ...one, loss: one.metric }))];
  const roles = measures.map(({ loss, own }) => {
    if (!ROLES.some((name) => own[name] !== undefined)) return null;
    return {
      target: own.target === undefined ? target : role(own.target),
      prediction: own.prediction === undefined ? prediction : role(own.prediction),
      weight: own.weight === undefined ? weight : single(own.weight),
      variance: loss.readsVariance ? single(own.variance ?? options.variance) : null,
    };
  });
  const by = options.by === undefined ? [] : role(options.by);
  return {
    engine: options.pool.engine,
    losses: measures.map((measure) => measure.spec),
    nan: options.nan ?? "count",
    columns: named,
    target,
    prediction,
    weight,
    variance,
    by,
    window: options.window === undefined ? null : windowPlanOf(options.window, (column) => single(column)!),
    top: options.top ?? null,
    show: options.show === undefined ? [] : role(options.show),
    quantiles: options.quantiles !== undefined && options.quantiles.length > 0,
    roles,
    classes: options.classes ?? null,
  };
}

function isClassCount({ name }: ParameterInfo): boolean {
  return name === "classes";
}

/** What has a value of an object, alone. */
function definedOf<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

function runningReduction(reduction: string): RunningReduction {
  if (REDUCTIONS.includes(reduction)) return reduction as RunningReduction;
  const got = typeof reduction === "string" ? reduction : formatGiven(reduction);
  throw new LossflowError(
    "LF_REDUCTION",
    `The reduction ${got} gives no running figure; there are ${REDUCTIONS.slice(0, 4).join(", ")}.`,
    { got },
  );
}

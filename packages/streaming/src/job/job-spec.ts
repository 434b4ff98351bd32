import { lossFromSpec, LossflowError, type Loss, type LossSpec, type RunningReduction } from "@lossflow/core";
import type { Plan } from "../fold/plan.ts";
import { badOption, checkOptions, type LossJobOptions } from "./options.ts";
import { resolveColumns } from "./resolve-columns.ts";
import { windowPlanOf } from "./window-option.ts";

/** A job's options, checked: the losses built, each with the reduction that its `value` is. */
export interface JobSpec {
  readonly options: LossJobOptions;
  readonly losses: readonly {
    readonly loss: Loss;
    readonly spec: LossSpec;
    readonly reduction: RunningReduction;
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
const POLICIES: readonly string[] = ["count", "skip", "propagate", "throw"];

/**
 * Checks what can be checked before any source is opened.
 * @throws LF_BAD_OPTION, LF_UNKNOWN_LOSS, LF_BAD_PARAMETER, LF_REDUCTION, LF_NOT_DECOMPOSABLE
 */
export function jobSpecFromOptions(options: LossJobOptions): JobSpec {
  checkOptions(options);
  const { losses, nan = "count", window, top, every = 250, reduction, weight, variance } = options;
  if (losses.length === 0) throw badOption("losses are none; name at least one.");
  if (!POLICIES.includes(nan))
    throw badOption(`nan is ${JSON.stringify(nan)}; there are ${POLICIES.join(", ")}.`);
  if (window !== undefined) windowPlanOf(window, () => 0);
  if (top !== undefined && !(Number.isSafeInteger(top) && top >= 0)) {
    throw badOption(`top is ${String(top)}; give a whole number from 0 on.`);
  }
  if (!(every >= 0)) throw badOption(`every is ${String(every)}; give milliseconds from 0 on.`);
  for (const [name, value] of Object.entries({ weight, variance })) {
    if (value !== undefined && typeof value !== "string")
      throw badOption(`${name} is not the name of a column.`);
  }
  return {
    options,
    losses: losses.map((given) => {
      const spec = typeof given === "string" ? { loss: given } : given;
      const loss = lossFromSpec(spec);
      if (spec.params?.["per_sample"] === true) {
        throw new LossflowError(
          "LF_BAD_PARAMETER",
          `${loss.id} counts elements in a stream, each for itself, and per_sample would average those of a row; leave per_sample out.`,
        );
      }
      if (top !== undefined && !loss.decomposable) {
        throw new LossflowError(
          "LF_NOT_DECOMPOSABLE",
          `${loss.id} depends on the whole, so no row has a loss of its own; leave top out.`,
        );
      }
      if (loss.readsVariance && variance === undefined) {
        throw badOption(`variance is not given; ${loss.id} reads the variance of each row from a column.`);
      }
      return {
        loss,
        spec: { loss: loss.id, params: loss.params },
        reduction: runningReduction(reduction ?? loss.reduction),
      };
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
  const variance = single(spec.losses.some(({ loss }) => loss.readsVariance) ? options.variance : undefined);
  const by = options.by === undefined ? [] : role(options.by);
  return {
    engine: options.pool.engine,
    losses: spec.losses.map((loss) => loss.spec),
    nan: options.nan ?? "count",
    columns: named,
    target,
    prediction,
    weight,
    variance,
    by,
    window: options.window === undefined ? null : windowPlanOf(options.window, (column) => single(column)!),
    top: options.top ?? null,
    classes: options.classes ?? null,
  };
}

function runningReduction(reduction: string): RunningReduction {
  if (REDUCTIONS.includes(reduction)) return reduction as RunningReduction;
  throw new LossflowError(
    "LF_REDUCTION",
    `The reduction ${reduction} gives no running figure; there are ${REDUCTIONS.slice(0, 4).join(", ")}.`,
    { got: reduction },
  );
}

import { isLossflowError, LossflowError } from "@lossflow/core";
import { compilePlan, type CompiledPlan } from "./fold/plan.ts";
import { kernelsOfEngine } from "./fold/engine.ts";
import { evaluateUnits } from "./fold/evaluate-units.ts";
import { noteSize, type RowLength } from "./fold/fold-state.ts";
import { firstRefusal } from "./fold/placed-refusal.ts";
import { SegmentReader } from "./fold/segment-reader.ts";
import { IGNORED } from "./fold/keep-units.ts";
import { unitsFromSegment } from "./fold/units.ts";
import { jobSpecFromOptions, planFromColumns } from "./job/job-spec.ts";
import { formatGiven } from "./job/format-given.ts";
import { badOption, unknownNameIn, type LossJobOptions } from "./job/options.ts";
import type { Measure } from "./metrics/metric.ts";
import { runnerOfPool } from "./pool/create-pool.ts";
import { aborted } from "./pool/worker-pool.ts";
import { Arena } from "./source/arena.ts";
import { namedRefusal } from "./source/named-refusal.ts";
import { sourcesFrom, type Source } from "./source/sources-from.ts";
import type { Segment } from "./source/table-source.ts";
import { columnsFromPayload } from "./worker/columns-from-payload.ts";

/** One loss of each unit (an element, or a row for losses of whole rows) of some consecutive rows. */
export interface UnreducedLoss {
  /** Units of each row; 1 but for elementwise losses over vectors. */
  readonly perRow: number;
  /** The losses, row after row; where `left` says so, there is none and the number means nothing. */
  readonly values: Float64Array;
  /** 0 a loss, 1 missing, 2 ignored; null where every unit has a loss. */
  readonly left: Uint8Array | null;
  /** The weight of each unit; null where all are 1. */
  readonly weights: Float64Array | null;
  /** What the losses were formed of; null where it was not asked for. */
  readonly units: EvaluatedUnits | null;
}

/** The units that have a loss, closed up. */
export interface EvaluatedUnits {
  readonly count: number;
  /** Predictions of one unit, 1 for plain values. */
  readonly classes: number;
  readonly prediction: Float64Array;
  readonly target: Float64Array;
}

/** The losses of some consecutive rows of one source. The arrays belong to the taker. */
export interface UnreducedLosses {
  readonly source: string;
  /** Counted over all sources. */
  readonly firstRow: number;
  /** Counted in this source. */
  readonly firstSourceRow: number;
  readonly rows: number;
  /** In the order of `options.losses`. */
  readonly losses: readonly UnreducedLoss[];
}

/** What is kept beside the losses. */
export interface KeptUnits {
  /** The targets and predictions that each loss is of. Default false. */
  readonly units?: boolean | undefined;
}

/**
 * Evaluates losses row by row, in the calling thread, with the engine of `options.pool`: what `runningLoss` adds up, as
 * it is before adding. Pulled: nothing is read before the next rows are asked for. Metrics, groups, windows, top, reduction
 * and the policy for NaN are not looked at. With `keep.units` each loss comes with the targets and predictions it is of.
 * @throws LF_NOT_DECOMPOSABLE for a loss that depends on the whole; LF_* with source, row, line and column of what is
 *   refused; LF_ABORTED after `signal`.
 */
export async function* unreducedLosses(
  source: Source | readonly Source[],
  options: LossJobOptions,
  keep: KeptUnits = {},
): AsyncGenerator<UnreducedLosses> {
  checkKept(keep);
  const spec = jobSpecFromOptions({
    ...options,
    metrics: undefined,
    reduction: undefined,
    by: undefined,
    window: undefined,
    top: undefined,
    show: undefined,
    quantiles: undefined,
  });
  for (const { loss } of spec.losses) if (!loss.decomposable) throw dependsOnWhole(loss.id);
  runnerOfPool(options.pool);
  const kernels = kernelsOfEngine(options.pool.engine);
  const arena = new Arena(4, false);
  const lengths = spec.losses.map(() => ({ size: -1, sizeRow: Infinity }));
  // How many units a null row has, the first that is not null shows.
  let waiting: UnreducedLosses[] = [];
  let firstRow = 0;
  for (const each of sourcesFrom(source)) {
    const table = await each.open(options.signal);
    const before = firstRow;
    try {
      const plan = compilePlan(planFromColumns(spec, table.columns, table.name), kernels);
      for await (const segment of table.segments(plan.columns, arena)) {
        if (options.signal?.aborted === true) throw aborted();
        try {
          const place = { source: table.name, firstRow, firstSourceRow: firstRow - before };
          waiting.push(
            await evaluateSegment(plan, segment, segment.rows, place, keep.units === true, lengths),
          );
          if (lengths.every(({ size }) => size !== -1)) {
            for (const read of waiting) yield inUnits(read, plan.losses, lengths);
            waiting = [];
          }
        } finally {
          segment.release();
        }
        firstRow += segment.rows;
      }
    } finally {
      await table.close();
    }
  }
  yield* waiting;
}

function checkKept(keep: KeptUnits): void {
  if (typeof keep !== "object" || (keep as KeptUnits | null) === null)
    throw badOption(`what is to be kept is ${formatGiven(keep)}; give { units: true }, or leave it out.`);
  const unknown = unknownNameIn(keep, ["units"]);
  if (unknown !== undefined) throw badOption(`of what is to be kept ${unknown}`);
  if (keep.units !== undefined && typeof keep.units !== "boolean")
    throw badOption("units is neither true nor false; give one of them.");
}

/** The same rows, null ones in as many missing units as the others have. */
function inUnits(
  read: UnreducedLosses,
  measures: readonly Measure[],
  lengths: readonly RowLength[],
): UnreducedLosses {
  const losses = read.losses.map((loss, i) => {
    const perRow = measures[i]!.unit === "row" ? 1 : Math.max(1, lengths[i]!.size);
    if (loss.perRow === perRow) return loss;
    const total = read.rows * perRow;
    return { ...loss, perRow, values: new Float64Array(total), left: new Uint8Array(total).fill(1) };
  });
  return { ...read, losses };
}

type SegmentPlace = Pick<UnreducedLosses, "source" | "firstRow" | "firstSourceRow">;

/** Evaluates the first `rows` rows; of several refusals that of the earliest row is thrown. */
async function evaluateSegment(
  plan: CompiledPlan,
  segment: Segment,
  rows: number,
  place: SegmentPlace,
  keepsUnits: boolean,
  lengths: readonly RowLength[],
): Promise<UnreducedLosses> {
  const { source, firstRow } = place;
  try {
    const { columns, lineOf } = await columnsFromPayload(segment.payload, rows, source, firstRow);
    const reader = new SegmentReader(plan, columns, rows, {
      source,
      firstRow,
      ...(lineOf === undefined ? {} : { lineOf }),
    });
    const errors: unknown[] = [];
    const losses = plan.losses.flatMap((loss, i) => {
      try {
        return rows === 0
          ? []
          : [evaluateLoss(plan, loss, reader.withRoles(plan.roles[i] ?? plan), keepsUnits, lengths[i]!)];
      } catch (error) {
        errors.push(error);
        return [];
      }
    });
    if (errors.length > 0) throw firstRefusal(errors);
    return { ...place, rows, losses };
  } catch (error) {
    // A column is checked as a whole, so an earlier row may be refused by another one.
    const before = isLossflowError(error) && error.row !== undefined ? error.row - firstRow : 0;
    if (before > 0 && before < rows) await evaluateSegment(plan, segment, before, place, false, lengths);
    throw namedRefusal(error, source);
  }
}

function evaluateLoss(
  plan: CompiledPlan,
  loss: CompiledPlan["losses"][number],
  reader: SegmentReader,
  keepsUnits: boolean,
  length: RowLength,
): UnreducedLoss {
  const units = unitsFromSegment(loss, reader, plan);
  noteSize(length, units.size, reader.firstRow + units.sizeRow);
  const { losses } = evaluateUnits(loss, units, reader, plan);
  const { classes, count, fate, kept, perRow, weights } = units;
  const evaluated = keepsUnits
    ? {
        count,
        classes,
        prediction: Float64Array.from(units.prediction.subarray(0, count * classes)),
        target: Float64Array.from(units.target),
      }
    : null;
  const total = reader.rows * perRow;
  if (fate === null || kept === null)
    return { perRow, values: losses.slice(0, total), left: null, weights: null, units: evaluated };
  const values = new Float64Array(total);
  const spread = weights === undefined ? null : new Float64Array(total);
  for (let i = 0; i < count; i++) {
    const at = kept[i]!;
    values[at] = losses[i]!;
    if (spread !== null) spread[at] = weights![i]!;
  }
  const left = fate.map((one) => (one === 0 ? 0 : one === IGNORED ? 2 : 1));
  return { perRow, values, left, weights: spread, units: evaluated };
}

function dependsOnWhole(id: string): LossflowError {
  return new LossflowError(
    "LF_NOT_DECOMPOSABLE",
    `${id} depends on the whole, so no row has a loss of its own; leave it out.`,
    { got: id },
  );
}

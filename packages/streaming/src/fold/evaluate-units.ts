import { RunningLoss, type LossColumns } from "@lossflow/core";
import { isLoss, type Measure } from "../metrics/metric.ts";
import { kernelsFor } from "./add-by-kernel.ts";
import { placedRefusal } from "./placed-refusal.ts";
import type { CompiledPlan } from "./plan.ts";
import type { SegmentReader } from "./segment-reader.ts";
import type { Units } from "./units.ts";

/** The losses of the kept units, or their parts for a loss that depends on the whole; and the row of each. */
export interface Evaluated {
  readonly losses: Float64Array;
  readonly parts: readonly Float64Array[] | null;
  /** Absent where the units are the rows from `firstRow` on. */
  readonly rowOf: Float64Array | null;
  readonly firstRow: number;
}

/**
 * Evaluates the units of a loss.
 * @throws what the loss refuses, with its place in the table; LF_NON_FINITE for parts under the policy `throw`.
 */
export function evaluateUnits(
  loss: Measure,
  units: Units,
  reader: SegmentReader,
  plan: CompiledPlan,
): Evaluated {
  const { classes, count, kept, perRow, prediction, target, variance } = units;
  const { firstRow } = reader;
  const losses = plan.scratch.take("losses", count);
  const parts = loss.whole?.parts.map((part) => plan.scratch.take(`part ${part.name}`, count)) ?? null;
  const columns = {
    prediction,
    target,
    rows: count,
    classes,
    ...(variance === undefined ? {} : { variance }),
  };
  try {
    // Of null rows alone not even the number of classes is known.
    if (count > 0) evaluateColumns(loss, plan, units.size, columns, losses, parts);
  } catch (error) {
    throw placedRefusal(error, units, reader);
  }
  let rowOf: Float64Array | null = null;
  if (kept !== null || perRow > 1) {
    rowOf = plan.scratch.take("rows", count);
    for (let i = 0; i < count; i++) rowOf[i] = firstRow + Math.floor((kept === null ? i : kept[i]!) / perRow);
  }
  const evaluated = { losses, parts, rowOf, firstRow };
  if (plan.nan === "throw" && parts !== null) refuseNonFinite(loss, evaluated, count);
  return evaluated;
}

function evaluateColumns(
  loss: Measure,
  plan: CompiledPlan,
  size: number,
  columns: LossColumns,
  losses: Float64Array,
  parts: readonly Float64Array[] | null,
): void {
  if (parts !== null) loss.whole!.evaluate(columns, parts);
  else if (isLoss(loss)) {
    const kernels = kernelsFor(loss, plan, size);
    if (kernels !== null) kernels.unreduced(loss, columns, losses);
    else loss.unreduced(columns, losses);
  }
}

/**
 * Refuses parts that are not finite by the row of the table, which many rows at once have not; plain losses are refused by
 * their running state.
 */
function refuseNonFinite(loss: Measure, { parts, rowOf, firstRow }: Evaluated, count: number): void {
  for (let i = 0; i < count; i++) {
    if (parts!.every((part) => Number.isFinite(part[i]))) continue;
    const state = RunningLoss.create({ nan: "throw", parts: loss.whole!.parts });
    const own = parts!.map((part) => part.subarray(i, i + 1));
    RunningLoss.addParts(state, own, 1, { firstRow: rowOf === null ? firstRow + i : rowOf[i]! });
  }
}

import { isLossflowError, RunningLoss, type Loss, type RunningLossState } from "@lossflow/core";
import type { FoldColumns, Kernels } from "@lossflow/kernels";
import type { TaskSums } from "./task-sums.ts";
import type { CompiledPlan } from "./plan.ts";
import type { Units } from "./units.ts";

/**
 * The kernels that evaluate a loss of rows of `size` numbers, decided by the loss alone; null where core does, which also
 * says that class weights are not as many as classes.
 */
export function kernelsFor(loss: Loss, { kernels }: CompiledPlan, size: number): Kernels | null {
  const weights: unknown = loss.params["class_weight"];
  if (Array.isArray(weights) && weights.length !== size) return null;
  return kernels !== null && loss.whole === undefined && kernels.supports(loss) ? kernels : null;
}

/**
 * Adds the losses of the kept units to a running state without writing them down one by one; `firstRow` is the row of
 * the first unit. The state is that which evaluating each unit and adding it would give, to the last bit.
 * @param sums where they are kept until the task is done; null to add them at once.
 * @returns whether that was possible. Where not, there being no kernel or a value that is refused, nothing was added to
 *   the state: evaluating unit by unit then says what is wrong where.
 */
export function addByKernel(
  loss: Loss,
  units: Units,
  firstRow: number,
  plan: CompiledPlan,
  into: RunningLossState,
  sums: TaskSums | null,
): boolean {
  const copying = kernelsFor(loss, plan, units.size);
  if (copying === null) return false;
  if (units.count === 0) return true;
  const kernels = standsIn(plan.inPlace, units) ? plan.inPlace! : copying;
  // Where units are rows they bring their rows along.
  const lasting = units.kept === null && units.perRow === 1 ? (sums?.of(loss, kernels) ?? null) : null;
  if (lasting === null) return addAlone(loss, units, firstRow, plan, into, kernels);
  try {
    lasting.add(columnsOf(units), firstRow);
    return true;
  } catch (error) {
    if (!isLossflowError(error)) throw error;
    sums!.spoil();
    return false;
  }
}

function addAlone(
  loss: Loss,
  units: Units,
  firstRow: number,
  plan: CompiledPlan,
  into: RunningLossState,
  kernels: Kernels,
): boolean {
  const { kept, perRow } = units;
  const fold = kernels.fold(loss, { nan: plan.nan, squares: false });
  try {
    fold.add(columnsOf(units), 0);
    const part = RunningLoss.create(plan.stateOptions(loss));
    fold.drainInto(part);
    const rowOf = (unit: number): number =>
      firstRow + Math.floor((kept === null ? unit : kept[unit]!) / perRow);
    if (part.minRow < Infinity) part.minRow = rowOf(part.minRow);
    if (part.maxRow < Infinity) part.maxRow = rowOf(part.maxRow);
    RunningLoss.merge(into, part);
    return true;
  } catch (error) {
    if (isLossflowError(error)) return false;
    throw error;
  } finally {
    fold.free();
  }
}

function columnsOf({ classes, count, prediction, target, weights }: Units): FoldColumns {
  const columns = { prediction, target, rows: count, classes };
  return weights === undefined ? columns : { ...columns, weight: weights };
}

/** Whether all columns stand in the memory of kernels that fold them there. */
function standsIn(kernels: Kernels | null, { prediction, target, weights }: Units): boolean {
  if (kernels === null) return false;
  const { buffer } = kernels.memory;
  return (
    prediction.buffer === buffer &&
    target.buffer === buffer &&
    (weights === undefined || weights.buffer === buffer)
  );
}

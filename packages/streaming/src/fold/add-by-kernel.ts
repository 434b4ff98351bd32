import { isLossflowError, RunningLoss, type Loss, type RunningLossState } from "@lossflow/core";
import type { Kernels } from "@lossflow/kernels";
import type { CompiledPlan } from "./plan.ts";
import type { Units } from "./units.ts";

/** The kernels that evaluate a loss, decided by the loss alone; null where core does. */
export function kernelsFor(loss: Loss, { kernels }: CompiledPlan): Kernels | null {
  return kernels !== null && loss.whole === undefined && kernels.supports(loss) ? kernels : null;
}

/**
 * Adds the losses of the kept units to a running state without writing them down one by one; `firstRow` is the row of
 * the first unit. The state is that which evaluating each unit and adding it would give, to the last bit.
 * @returns whether that was possible. Where not, there being no kernel or a value that is refused, nothing was added:
 *   evaluating unit by unit then says what is wrong where.
 */
export function addByKernel(
  loss: Loss,
  units: Units,
  firstRow: number,
  plan: CompiledPlan,
  into: RunningLossState,
): boolean {
  const kernels = kernelsFor(loss, plan);
  if (kernels === null) return false;
  const { classes, count, kept, perRow, prediction, target, weights } = units;
  if (count === 0) return true;
  const fold = kernels.fold(loss, { nan: plan.nan, squares: false });
  try {
    const columns = { prediction, target, rows: count, classes };
    fold.add(weights === undefined ? columns : { ...columns, weight: weights }, 0);
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

import { isLossflowError } from "@lossflow/core";
import type { Kernels } from "@lossflow/kernels";
import { kernelsOfEngine } from "../fold/engine.ts";
import { createFold, type FoldState } from "../fold/fold-state.ts";
import { bytesFromFold } from "../fold/fold-bytes.ts";
import { foldSegment } from "../fold/fold-segment.ts";
import { compilePlan, type CompiledPlan, type Plan } from "../fold/plan.ts";
import { namedRefusal } from "../source/named-refusal.ts";
import type { Payload } from "../source/table-source.ts";
import { columnsFromPayload } from "./columns-from-payload.ts";
import { dataFromError, type ErrorData } from "./error-data.ts";

/** Some consecutive rows to be folded into one partial state. */
export interface FoldTask {
  /** The plan as JSON: workers keep the losses of plans that they have met. */
  readonly plan: string;
  readonly segments: readonly TaskSegment[];
}

export interface TaskSegment {
  readonly source: string;
  /** Counted over all sources. */
  readonly firstRow: number;
  readonly rows: number;
  readonly payload: Payload;
}

/** A partial state, or what was refused, as plain data. */
export type FoldResult =
  | { readonly ok: true; readonly state: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly error: ErrorData };

const MOST_PLANS = 8;

/** Makes the function that folds tasks; it keeps the plans it has met, and nothing of the rows. */
export function createFolder(): (task: FoldTask) => Promise<FoldResult> {
  const plans = new Map<string, CompiledPlan>();
  let kernels: Kernels | null = null;
  return async (task) => {
    try {
      let plan = plans.get(task.plan);
      if (plan === undefined) {
        const given = JSON.parse(task.plan) as Plan;
        if (given.engine !== "js") kernels ??= kernelsOfEngine(given.engine);
        plan = compilePlan(given, given.engine === "js" ? null : kernels);
        if (plans.size >= MOST_PLANS) plans.delete(plans.keys().next().value!);
        plans.set(task.plan, plan);
      }
      const fold = createFold(plan);
      for (const segment of task.segments) await foldRows(plan, fold, segment, segment.rows);
      return { ok: true, state: bytesFromFold(fold) };
    } catch (error) {
      return { ok: false, error: dataFromError(error) };
    }
  };
}

/**
 * Folds the first `rows` rows of a segment.
 *
 * A column is read and checked as a whole, so the first refusal that is met need not be that of the earliest row; the
 * rows before it are tried again by themselves, and what is reported does not depend on how the rows were cut.
 */
async function foldRows(
  plan: CompiledPlan,
  fold: FoldState,
  segment: TaskSegment,
  rows: number,
): Promise<void> {
  const { source, firstRow, payload } = segment;
  try {
    const { columns, lineOf } = await columnsFromPayload(payload, rows, source, firstRow);
    foldSegment(plan, fold, columns, rows, { source, firstRow, lineOf });
  } catch (error) {
    const before = isLossflowError(error) && error.row !== undefined ? error.row - firstRow : 0;
    if (before > 0 && before < rows) await foldRows(plan, createFold(plan), segment, before);
    throw namedRefusal(error, source);
  }
}

import { createFold } from "../fold/fold-state.ts";
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
  return async (task) => {
    try {
      let plan = plans.get(task.plan);
      if (plan === undefined) {
        plan = compilePlan(JSON.parse(task.plan) as Plan);
        if (plans.size >= MOST_PLANS) plans.delete(plans.keys().next().value!);
        plans.set(task.plan, plan);
      }
      const fold = createFold(plan);
      for (const { source, firstRow, rows, payload } of task.segments) {
        try {
          const { columns, lineOf } = await columnsFromPayload(payload, rows, source);
          foldSegment(plan, fold, columns, rows, { source, firstRow, lineOf });
        } catch (error) {
          throw namedRefusal(error, source);
        }
      }
      return { ok: true, state: bytesFromFold(fold) };
    } catch (error) {
      return { ok: false, error: dataFromError(error) };
    }
  };
}

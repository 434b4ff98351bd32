import { isLossflowError } from "@lossflow/core";
import { foldSegment } from "../fold/fold-segment.ts";
import { createFold, type FoldState } from "../fold/fold-state.ts";
import type { TaskSums } from "../fold/task-sums.ts";
import type { CompiledPlan } from "../fold/plan.ts";
import { namedRefusal } from "../source/named-refusal.ts";
import { piecesFromPayload } from "./columns-from-payload.ts";
import type { TaskSegment } from "./fold-task.ts";
import type { ReadMemory } from "./read-memory.ts";

/**
 * Folds the first `rows` rows of a segment.
 *
 * A column is read and checked as a whole, so the first refusal that is met need not be that of the earliest row; the
 * rows before it are tried again by themselves, and what is reported does not depend on how the rows were cut.
 */
export async function foldRows(
  plan: CompiledPlan,
  fold: FoldState,
  segment: TaskSegment,
  rows: number,
  memory: ReadMemory,
  sums: TaskSums | null,
): Promise<void> {
  const { source, firstRow, payload } = segment;
  try {
    let at = firstRow;
    for await (const piece of piecesFromPayload(payload, rows, source, firstRow, memory)) {
      foldSegment(
        plan,
        fold,
        piece.columns,
        piece.rows,
        { source, firstRow: at, lineOf: piece.lineOf },
        sums,
      );
      at += piece.rows;
    }
  } catch (error) {
    const before = isLossflowError(error) && error.row !== undefined ? error.row - firstRow : 0;
    if (before > 0 && before < rows) await foldRows(plan, createFold(plan), segment, before, memory, null);
    throw namedRefusal(error, source);
  }
}

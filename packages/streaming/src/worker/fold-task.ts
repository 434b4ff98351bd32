import type { Kernels } from "@lossflow/kernels";
import { kernelsOfEngine } from "../fold/engine.ts";
import { clearFold, createFold, type FoldState } from "../fold/fold-state.ts";
import { bytesFromFold } from "../fold/fold-bytes.ts";
import { TaskSums } from "../fold/task-sums.ts";
import { compilePlan, type CompiledPlan, type Plan } from "../fold/plan.ts";
import type { Payload } from "../source/table-source.ts";
import { KernelReadMemory, PlainMemory, type ReadMemory } from "./read-memory.ts";
import { dataFromError, type ErrorData } from "./error-data.ts";
import { foldRows } from "./fold-rows.ts";
import { FoldSession } from "./fold-session.ts";

/** Some consecutive rows to be folded into one partial state. */
export interface FoldTask {
  /** The plan as JSON: workers keep the losses of plans that they have met. */
  readonly plan: string;
  readonly segments: readonly TaskSegment[];
  /** Memory for the partial state, where that fits. */
  readonly room?: ArrayBuffer | undefined;
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

/** Folds in one thread, one thing after the other. It keeps the plans it has met, and nothing of the rows. */
export interface Folder {
  fold(task: FoldTask): Promise<FoldResult>;
  /** Begins a state that rows of a plan are added to as they come. */
  open(plan: string): FoldSession;
}

/** @param eager whether kernels are compiled now, while nobody waits for them. */
export function createFolder(eager: boolean = false): Folder {
  const plans = new Map<string, CompiledPlan>();
  /** Tables as large as a task of many groups needs them are not made for each anew. */
  const kept = new WeakMap<CompiledPlan, { readonly fold: FoldState; readonly sums: TaskSums }>();
  let kernels: Kernels | null = eager ? kernelsOfEngine("wasm-simd") : null;
  let memory: KernelReadMemory | null = eager ? new KernelReadMemory() : null;
  const planOf = (text: string): CompiledPlan => {
    const known = plans.get(text);
    if (known !== undefined) return known;
    const given = JSON.parse(text) as Plan;
    if (given.engine !== "js") {
      kernels ??= kernelsOfEngine(given.engine);
      memory ??= new KernelReadMemory();
    }
    const isJs = given.engine === "js";
    const plan = compilePlan(given, isJs ? null : kernels, isJs ? null : memory!.kernels);
    if (plans.size >= MOST_PLANS) plans.delete(plans.keys().next().value!);
    plans.set(text, plan);
    return plan;
  };
  const fold = async ({ plan: text, segments, room }: FoldTask): Promise<FoldResult> => {
    try {
      const plan = planOf(text);
      const reading = memory ?? PLAIN;
      const tables = kept.get(plan) ?? { fold: createFold(plan), sums: new TaskSums(plan) };
      const { fold, sums } = tables;
      // While a task is folded, its tables are nobody else's.
      kept.delete(plan);
      const isWhole = await foldSegments(plan, fold, segments, reading, sums);
      if (!isWhole) await foldSegments(plan, fold, segments, reading, null);
      const state = bytesFromFold(fold, plan.tableRoom, room);
      if (isWhole) kept.set(plan, tables);
      return { ok: true, state };
    } catch (error) {
      return { ok: false, error: dataFromError(error) };
    }
  };
  const open = (text: string): FoldSession =>
    new FoldSession(() => {
      const plan = planOf(text);
      return { plan, fold: createFold(plan), sums: new TaskSums(plan), memory: memory ?? PLAIN };
    });
  return { fold, open };
}

const PLAIN = new PlainMemory();

/** @returns whether kernels took all that core takes; else their sums over several segments cannot be used. */
async function foldSegments(
  plan: CompiledPlan,
  fold: FoldState,
  segments: readonly TaskSegment[],
  memory: ReadMemory,
  sums: TaskSums | null,
): Promise<boolean> {
  clearFold(fold, plan);
  try {
    for (const segment of segments) await foldRows(plan, fold, segment, segment.rows, memory, sums);
    return sums?.drainInto(fold) !== false;
  } finally {
    sums?.free();
  }
}

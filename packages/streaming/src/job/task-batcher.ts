import type { BatchRows } from "../arrow/batch-rows.ts";
import type { Column } from "../columns/column.ts";
import { isOfTotalsAlone, type Plan } from "../fold/plan.ts";
import { mapPayload } from "../pool/map-payload.ts";
import type { Payload, Segment } from "../source/table-source.ts";
import type { TaskSegment } from "../worker/fold-task.ts";

/**
 * Numbers that make a task. A message costs about 50 microseconds, folding this many at least half a millisecond; much
 * more would leave workers idle at the end.
 */
const TASK_NUMBERS = 2 ** 18;
/** The same where a task also carries windows, the highest rows or sketches, if workers read: more would be cancelled late. */
const CARRYING_TASK_NUMBERS = 2 ** 20;
/**
 * Of what workers read themselves and evaluate within a nanosecond or two a row, between these: a task is a fraction of
 * what is left, so that few messages are needed and the workers end together. Memory holds a piece of it at a time.
 */
const LEAST_QUICK_NUMBERS = 2 ** 22;
const MOST_QUICK_NUMBERS = 2 ** 26;
/** Tasks of this size that are left for each worker. */
const TASKS_LEFT = 4;
/**
 * With groups each task carries the state of every group that it meets; larger tasks carry them less often. Where groups
 * are many, tasks grow from the first to the second.
 */
const GROUPED_TASK_NUMBERS = [2 ** 21, 2 ** 24] as const;
/** The same of what the reading thread holds in memory. */
const HELD_GROUPED_TASK_NUMBERS = [2 ** 20, 2 ** 22] as const;
/** With sketches, which take memory for each row of the task in each worker; less of several losses. */
const SKETCHED_TASK_NUMBERS = [2 ** 20, 2 ** 23] as const;
const OFTEN_SKETCHED_TASK_NUMBERS = [2 ** 19, 2 ** 23] as const;

/** Some segments that are folded together. */
export interface Batch {
  readonly segments: readonly TaskSegment[];
  readonly rows: number;
  /** Bytes of memory that it takes while it is folded. */
  readonly bytes: number;
  /** Bytes of its source that have been read with it. */
  readonly position: number;
  release(): void;
}

/** What is known of a source before its rows are read, and who folds them. */
export interface TaskSource {
  /** Total bytes, where they are known. */
  readonly size: number | undefined;
  /** 0 for the calling thread. */
  readonly workers: number;
}

/** Gathers small segments until they are worth a message. */
export class TaskBatcher {
  readonly #plan: Plan;
  readonly #source: TaskSource;
  /** Doublings of the size of a grouped task. */
  readonly #growth: TaskGrowth;
  #segments: TaskSegment[] = [];
  #held: Segment[] = [];
  #numbers = 0;
  /** Of all tasks before this one. */
  #numbersSent = 0;
  #positionSent = 0;
  /** Milliseconds for which the source has been waited for since the first segment of this task. */
  waited = 0;

  constructor(plan: Plan, growth: TaskGrowth, source: TaskSource) {
    this.#plan = plan;
    this.#growth = growth;
    this.#source = source;
  }

  get empty(): boolean {
    return this.#held.length === 0;
  }

  get full(): boolean {
    return this.#numbers >= this.#wanted();
  }

  add(segment: Segment, source: string, firstRow: number): void {
    const { rows, payload } = segment;
    this.#segments.push({ source, firstRow, rows, payload });
    this.#held.push(segment);
    this.#numbers += numbersIn(payload);
  }

  take(): Batch {
    const held = this.#held;
    const batch: Batch = {
      segments: this.#segments,
      rows: held.reduce((sum, { rows }) => sum + rows, 0),
      bytes: held.reduce((sum, { payload }) => sum + bytesIn(payload), 0),
      position: held.at(-1)?.position ?? 0,
      release: () => held.forEach((segment) => segment.release()),
    };
    this.#numbersSent += this.#numbers;
    this.#positionSent = batch.position;
    this.#segments = [];
    this.#held = [];
    this.#numbers = 0;
    this.waited = 0;
    return batch;
  }

  /** How many numbers the task at hand is to have: the same each time that a source is read. */
  #wanted(): number {
    const { by, losses } = this.#plan;
    const isRead = this.#held[0]?.payload.kind === "arrow";
    if (by.length > 0) {
      const [least, most] = groupedTaskNumbers(this.#plan, isRead);
      return Math.min(most, least * this.#growth.factor);
    }
    if (!isRead) return TASK_NUMBERS;
    if (!isOfTotalsAlone(this.#plan)) return CARRYING_TASK_NUMBERS;
    if (losses.length > 2) return TASK_NUMBERS;
    const { size = 0, workers } = this.#source;
    // The calling thread hears a cancellation between two tasks.
    if (workers === 0 || this.#positionSent === 0) return LEAST_QUICK_NUMBERS;
    const left = (this.#numbersSent * (size - this.#positionSent)) / this.#positionSent;
    return Math.min(MOST_QUICK_NUMBERS, Math.max(LEAST_QUICK_NUMBERS, left / (TASKS_LEFT * workers)));
  }
}

/** How many numbers a task with groups has at least and at most. */
function groupedTaskNumbers({ losses, quantiles }: Plan, isRead: boolean): readonly [number, number] {
  const [least, most] = !quantiles
    ? GROUPED_TASK_NUMBERS
    : losses.length > 1
      ? OFTEN_SKETCHED_TASK_NUMBERS
      : SKETCHED_TASK_NUMBERS;
  if (isRead) return [least, most];
  const [leastHeld, mostHeld] = HELD_GROUPED_TASK_NUMBERS;
  return [Math.min(least, leastHeld), Math.min(most, mostHeld)];
}

/** How a job's tasks have grown, which changes nothing in the figures. */
export class TaskGrowth {
  #factor = 1;

  /**
   * Takes note of a task: merging its groups costs about as much as folding 32 rows for each; with sketches, which take
   * longer to fold and memory for each row, it is worth while where there are no more than four.
   */
  note(rows: number, groups: number, { quantiles }: Pick<Plan, "quantiles">): void {
    if ((quantiles ? 4 : 32) * groups > rows) this.#factor *= 2;
  }

  get factor(): number {
    return this.#factor;
  }
}

/** About how many numbers a payload holds. */
export function numbersIn(payload: Payload): number {
  switch (payload.kind) {
    case "arrow":
      return numbersInBatch(payload.rows);
    case "columns":
      return payload.columns.reduce((sum, column) => sum + numbersInColumn(column), 0);
    case "csv":
    case "jsonl":
      return payload.bytes.length;
    default:
      return payload.columns.reduce((sum, column) => sum + ("unsupported" in column ? 0 : column.values), 0);
  }
}

/** The bytes that a payload carries, and what its pages may be unpacked to; what workers read themselves is not among them. */
function bytesIn(payload: Payload): number {
  if (payload.kind === "arrow") return 0;
  let bytes = 0;
  mapPayload(payload, (own) => {
    bytes += own.length;
    return own;
  });
  if (payload.kind !== "parquet") return bytes;
  // A page may be as long as its column.
  for (const column of payload.columns)
    if (!("unsupported" in column) && column.codec !== "none")
      bytes += column.values * Math.max(1, column.leaf.width);
  return bytes;
}

function numbersInColumn(column: Column): number {
  return column.kind === "list" || column.kind === "fixed-list"
    ? numbersInColumn(column.child)
    : column.length;
}

function numbersInBatch({ batch, from, to }: BatchRows): number {
  const all = batch.nodes.reduce((sum, node) => sum + node.length, 0);
  return batch.length === 0 ? 0 : (all * (to - from)) / batch.length;
}

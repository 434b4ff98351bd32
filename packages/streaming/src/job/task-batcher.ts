import type { Column } from "../columns/column.ts";
import type { Payload, Segment } from "../source/table-source.ts";
import type { TaskSegment } from "../worker/fold-task.ts";

/**
 * Numbers that make a task. A message costs about 50 microseconds, folding this many at least half a millisecond; much
 * more would leave workers idle at the end.
 */
const TASK_NUMBERS = 2 ** 18;
/** With groups each task carries the state of every group that it meets; larger tasks carry them less often. */
const GROUPED_TASK_NUMBERS = 2 ** 20;

/** Some segments that are folded together. */
export interface Batch {
  readonly segments: readonly TaskSegment[];
  readonly rows: number;
  /** Bytes of its source that have been read with it. */
  readonly position: number;
  release(): void;
}

/** Gathers small segments until they are worth a message. */
export class TaskBatcher {
  readonly #most: number;
  #segments: TaskSegment[] = [];
  #held: Segment[] = [];
  #numbers = 0;

  constructor(grouped: boolean) {
    this.#most = grouped ? GROUPED_TASK_NUMBERS : TASK_NUMBERS;
  }

  get empty(): boolean {
    return this.#held.length === 0;
  }

  get full(): boolean {
    return this.#numbers >= this.#most;
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
      position: held.at(-1)?.position ?? 0,
      release: () => held.forEach((segment) => segment.release()),
    };
    this.#segments = [];
    this.#held = [];
    this.#numbers = 0;
    return batch;
  }
}

/** About how many numbers a payload holds. */
function numbersIn(payload: Payload): number {
  switch (payload.kind) {
    case "columns":
      return payload.columns.reduce((sum, column) => sum + numbersInColumn(column), 0);
    case "csv":
    case "jsonl":
      return payload.bytes.length;
    default:
      return payload.columns.reduce((sum, column) => sum + ("unsupported" in column ? 0 : column.values), 0);
  }
}

function numbersInColumn(column: Column): number {
  return column.kind === "list" || column.kind === "fixed-list"
    ? numbersInColumn(column.child)
    : column.length;
}

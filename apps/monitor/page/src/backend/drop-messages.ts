import type { Update } from "../../../src/plot/run-state.ts";
import type { LossResult } from "@lossflow/streaming";
import type { WindowRequest } from "../../../src/plot/window-request.ts";

/** What the page asks of the worker that reads dropped files. */
export type DropRequest =
  | { readonly kind: "read"; readonly file: File }
  | { readonly kind: "windows"; readonly id: number; readonly request: WindowRequest }
  | { readonly kind: "evaluate"; readonly table: number; readonly job: TableJob };

/** What the worker tells the page. */
export type DropReply =
  | { readonly kind: "update"; readonly update: Update }
  | { readonly kind: "windows"; readonly id: number; readonly bytes: ArrayBuffer }
  | { readonly kind: "refused"; readonly id: number; readonly sentence: string }
  | { readonly kind: "table"; readonly table: DroppedTable }
  | { readonly kind: "figures"; readonly table: number; readonly figures: TableFigures }
  | { readonly kind: "failed"; readonly table: number | null; readonly sentence: string };

/** A dropped table of predictions: what it holds, and what it looks like. */
export interface DroppedTable {
  readonly table: number;
  readonly name: string;
  readonly columns: readonly string[];
  readonly losses: readonly { readonly id: string; readonly formula: string }[];
  readonly guess: TableJob;
}

/** What to evaluate over a table; columns as the command takes them: `logit`, `p0,p1`, `p_*`. */
export interface TableJob {
  /** An id, with parameters where it has some: `huber:delta=0.5`. */
  readonly loss: string;
  readonly target: string;
  readonly prediction: string;
  /** Columns to group by, empty for none. */
  readonly by: string;
  /** Rows of a point on the chart. */
  readonly rows: number;
}

/** The figures so far. */
export interface TableFigures {
  readonly rows: number;
  readonly done: boolean;
  readonly workers: number;
  readonly engine: string;
  readonly result: LossResult;
}

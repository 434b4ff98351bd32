import type { RecordRows } from "../record-rows.ts";
import type { LineMachine } from "./line-machine.ts";

/** What the numbers of a line are, by their places among them. */
export interface RowShape {
  /** For each axis the number that states it; -1: none does. */
  readonly axes: readonly number[];
  /** The run's handles of the series, none twice, and the number that each has. */
  readonly series: readonly number[];
  readonly slots: readonly number[];
  /** Lines of text, which take their place from the lines before them where they do not state it. */
  readonly isText: boolean;
}

/** The lines that the machine read last, as columns; theirs only until it reads again. */
export function rowsFromRun(machine: LineMachine, shape: RowShape, rows: number): RecordRows {
  return {
    rows,
    axes: shape.axes.map((slot) => (slot < 0 ? null : machine.column(slot, rows))),
    series: shape.series,
    values: shape.slots.map((slot) => machine.column(slot, rows)),
    isText: shape.isText,
  };
}

import { RunningLoss } from "@lossflow/core";
import type { TableBatch, TableColumn } from "./table-batch.ts";

type State = ReturnType<typeof RunningLoss.create>;

/** A running state and what it is of. */
export interface NamedState {
  /** The run, or the sources. */
  readonly of: string;
  /** The series, or the loss with its parameters. */
  readonly name: string;
  readonly state: State;
}

const COUNTS = ["rows", "count", "finite", "nan", "posInf", "negInf", "missing", "ignored"] as const;
const FIGURES = ["sum", "weightSum", "mean", "min", "minRow", "max", "maxRow"] as const;

/** The columns of exported states: what each says, and its bytes, from which it can be merged with others exactly. */
export const STATE_COLUMNS: readonly TableColumn[] = [
  { name: "of", kind: "text", nullable: false },
  { name: "name", kind: "text", nullable: false },
  ...COUNTS.map((name): TableColumn => ({ name, kind: "number", nullable: false })),
  ...FIGURES.map((name): TableColumn => ({ name, kind: "number", nullable: true })),
  { name: "state", kind: "text", nullable: false },
];

/** Lays states out as rows; `state` is `RunningLoss.toBytes` in base64. */
export function batchFromStates(states: readonly NamedState[]): TableBatch {
  const values = states.map(({ state }) => RunningLoss.value(state));
  const text = (of: (state: NamedState) => string): { codes: Int32Array; words: string[] } => ({
    codes: Int32Array.from(states.keys()),
    words: states.map(of),
  });
  return {
    rows: states.length,
    cells: [
      text(({ of }) => of),
      text(({ name }) => name),
      ...COUNTS.map((name) => ({
        values: Float64Array.from(values, (value) => Number(value[name])),
        nulls: null,
      })),
      ...FIGURES.map((name) => ({
        values: Float64Array.from(values, (value) => value[name] ?? 0),
        nulls: Uint8Array.from(values, (value) => (value[name] === null ? 1 : 0)),
      })),
      text(({ state }) => Buffer.from(RunningLoss.toBytes(state)).toString("base64")),
    ],
  };
}

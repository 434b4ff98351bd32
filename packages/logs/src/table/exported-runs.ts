import { splitCells } from "./split-cells.ts";

/** A column of a chart that Weights & Biases exports: `RUN - METRIC`, and the same with `__MIN` and `__MAX`. */
const COLUMN = /^(.+) - (.+?)(?:__(?:MIN|MAX))?$/;

/** The runs that have a column in a chart exported as CSV, spelled in bytes; empty where the text is no such table. */
export function exportedRuns(head: string): string[] {
  const line = /^[^\r\n]*/.exec(head.replace(/^\u00ef\u00bb\u00bf/, ""))![0];
  if (!line.includes(" - ") || !line.includes(",")) return [];
  const [first, ...columns] = splitCells(line, 44);
  const runs = columns.map((column) => COLUMN.exec(column)?.[1]);
  const placed = /^(?:Step|_step|Wall Time|Relative Time \((?:Process|Wall)\)|[\w/]*(?:step|epoch))$/i.test(
    first ?? "",
  );
  return placed && runs.every((run) => run !== undefined) ? [...new Set(runs)] : [];
}

/** The name of a run's column without the run; null for those of other runs. */
export function columnOfRun(column: string, run: string): string | null {
  return column.startsWith(`${run} - `) ? column.slice(run.length + 3) : null;
}

import { TFJS_GOAL, type BenchCase } from "./bench-case.ts";
import { formatTable } from "./format-table.ts";
import { ratioOf, type Measured } from "./measure.ts";

/** What each contestant took for one case; those who have no such loss are absent. */
export interface CaseResult {
  readonly benchCase: BenchCase;
  readonly kernels: Measured;
  /** Core gives the exact mean. */
  readonly core: Measured;
  readonly c?: Measured;
  /** The C loop that the goal speaks of. */
  readonly baseline?: Measured;
  readonly tfjs?: Measured;
  /** TensorFlow.js over tensors made before. */
  readonly tfjsPlaced?: Measured;
  readonly duckdb?: Measured;
}

/** Lays out what was measured: each speed with the error of its mean beside it, each ratio with the one to reach. */
export function reportTable(results: readonly CaseResult[]): string {
  const head = [
    "loss, exact sum included",
    "kernels, ns",
    "of C",
    "to reach",
    "x tfjs wasm",
    "to reach",
    "its tensors made before",
    "x DuckDB",
    "to reach",
    "x core",
    "error: kernels",
    "C",
    "tfjs",
    "DuckDB",
  ];
  return formatTable([head, ...results.map(rowOf)]);
}

function rowOf(result: CaseResult): readonly string[] {
  const { benchCase, kernels, core, c, baseline, tfjs, tfjsPlaced, duckdb } = result;
  const times = (other: Measured | undefined, digits: number): string =>
    other === undefined ? "-" : ratioOf(other, kernels).toFixed(digits);
  const error = (other: Measured | undefined): string =>
    other === undefined ? "-" : Math.abs(other.mean / core.mean - 1).toExponential(0);
  const name = baseline === c ? benchCase.name : `${benchCase.name} (C that only reads)`;
  return [
    name,
    `${kernels.median.toFixed(2)} (${kernels.low.toFixed(2)} to ${kernels.high.toFixed(2)})`,
    times(baseline, 2),
    String(benchCase.goal),
    times(tfjs, 1),
    String(TFJS_GOAL),
    times(tfjsPlaced, 1),
    times(duckdb, 1),
    String(benchCase.duckdbGoal),
    times(core, 1),
    error(kernels),
    error(c),
    error(tfjs),
    error(duckdb),
  ];
}

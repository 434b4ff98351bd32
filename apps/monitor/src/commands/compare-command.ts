import type { BlockSeries, Centre } from "@lossflow/series";
import type { Context } from "../cli/context.ts";
import { EXIT, mostSeriousExit } from "../cli/exit-code.ts";
import { readRuns } from "../cli/read-runs.ts";
import { say } from "../cli/say.ts";
import { UsageError } from "../cli/usage-error.ts";
import { ComparableRun, type CompareAxis } from "../compute/comparable-run.ts";
import { type ComparedSeries, computeComparison } from "../compute/comparison.ts";
import { mainMetric } from "../compute/main-metric.ts";
import { formatComparison } from "../format/compare-text.ts";
import { toJson } from "../format/json-text.ts";
import { formatNameList } from "../format/name-list.ts";
import { formatPlural } from "../format/plural-text.ts";
import { styleFor } from "../format/style.ts";
import { seedGroupOf } from "../plot/seed-groups.ts";

/** Flags of `lossflow compare`. */
export interface CompareOptions {
  readonly metric?: string;
  readonly by?: CompareAxis;
  readonly at?: number;
  /** Puts runs together whose names differ by their seed alone. */
  readonly seeds?: Centre;
  readonly json?: boolean;
  readonly format?: string;
}

/**
 * Sets runs side by side at equal step, epoch, tokens, samples or time, and says how far each lies from the first.
 * @throws LF_USAGE; LF_NOTHING_IN_COMMON.
 */
export async function runCompare(
  context: Context,
  sources: readonly string[],
  options: CompareOptions,
): Promise<number> {
  const axis = options.by ?? "step";
  const compared: ComparedSeries[] = [];
  const codes: number[] = [];
  codes.push(
    await readRuns(
      context,
      sources,
      { format: options.format, sink: () => new ComparableRun(axis) },
      ({ run, sink }) => {
        if (!(sink instanceof ComparableRun)) return;
        const found = seriesOf(run.name, sink.seriesByName, options.metric);
        if (found === null) {
          say(context, `No training loss was found in ${run.source}; name a metric with --metric.`);
          codes.push(EXIT.data);
        } else if (found.series.count === 0 && found.series.notFinite > 0) {
          const points = formatPlural(found.series.notFinite, "point");
          say(context, `${run.name} has no finite value of ${found.metric} in ${points}.`);
          codes.push(EXIT.data);
        } else if (found.series.count === 0) {
          say(context, `${run.name} does not say its ${axis}; compare by ${otherAxes(axis)} with --by.`);
          codes.push(EXIT.data);
        } else {
          const group = options.seeds === undefined ? null : seedGroupOf(run.name);
          compared.push({ run: run.name, group: group ?? run.name, ...found });
        }
      },
    ),
  );
  const groups = new Set(compared.map(({ group }) => group));
  if (compared.length < 2) {
    if (codes.every((code) => code === EXIT.fine))
      throw new UsageError("compare needs two runs: give a second source, or a folder that holds several.");
    say(context, "There are not two runs to compare.");
    return mostSeriousExit([...codes, EXIT.data]);
  }
  if (groups.size < 2 && options.seeds === undefined)
    throw new UsageError("compare needs two runs: give a second source, or a folder that holds several.");
  const comparison = computeComparison(compared, axis, options.at ?? null, options.seeds ?? "mean");
  const style = styleFor(context.stdout, context.env);
  context.stdout.write(
    options.json === true ? `${toJson(comparison)}\n` : formatComparison(comparison, style),
  );
  return mostSeriousExit(codes);
}

function seriesOf(
  run: string,
  byName: ReadonlyMap<string, BlockSeries>,
  metric: string | undefined,
): { readonly metric: string; readonly series: BlockSeries } | null {
  const names = [...byName.keys()];
  const name = metric ?? mainMetric(names);
  if (name === null) return null;
  const series = byName.get(name);
  if (series === undefined)
    throw new UsageError(
      `${run} has no metric ${name}; it has ${formatNameList(names, "and")}.`,
      name,
      names,
    );
  return { metric: name, series };
}

function otherAxes(axis: CompareAxis): string {
  return axis === "step" ? "epoch" : "step";
}

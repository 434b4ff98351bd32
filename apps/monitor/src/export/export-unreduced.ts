import { RunningLoss } from "@lossflow/core";
import type { UnreducedLosses } from "@lossflow/streaming/node";
import type { Context } from "../cli/context.ts";
import { endInputOnStop } from "../cli/end-input-on-stop.ts";
import { type LossColumns, lossJobFromOptions, tablesFromSources } from "../cli/loss-job.ts";
import { createProgress } from "../cli/progress.ts";
import { say } from "../cli/say.ts";
import { formatCount } from "../format/number-text.ts";
import { formatPlural } from "../format/plural-text.ts";
import type { ExportOutput } from "./export-output.ts";
import { batchesFromLosses, lossColumns, unitsOfRows } from "./loss-batches.ts";
import { batchFromStates, type NamedState, STATE_COLUMNS } from "./state-batches.ts";

/** Writes the losses of the rows of files, or what they add up to, with their states. */
export async function exportUnreduced(
  context: Context,
  sources: readonly string[],
  options: LossColumns & { readonly state?: boolean },
  output: ExportOutput,
): Promise<void> {
  const job = lossJobFromOptions("export", options);
  const asked = options.loss!;
  endInputOnStop(context, sources);
  const { createPool, unreducedLosses } = await import("@lossflow/streaming/node");
  const progress = createProgress(context.stderr);
  const pool = createPool({ workers: 0, engine: options.engine ?? "auto" });
  const isWeighted = options.weight !== undefined;
  let isVector: boolean | null = null;
  const counts = { missing: 0, ignored: 0 };
  const states: NamedState[] = asked.map((name) => ({
    of: sources.join(" "),
    name,
    state: RunningLoss.create({ squares: false }),
  }));
  try {
    const tables = await tablesFromSources(context, sources);
    for await (const read of unreducedLosses(tables, { ...job, pool, signal: context.signal })) {
      if (options.state === true) addToStates(states, read);
      else {
        if (isVector === null) await output.open(lossColumns(asked, unitsOfRows(read) > 1, isWeighted));
        isVector ??= unitsOfRows(read) > 1;
        for (const batch of batchesFromLosses(read, isVector, isWeighted)) output.write(batch);
        countLeft(read, counts);
      }
      progress.show(formatPlural(read.firstRow + read.rows, "row"));
    }
    if (options.state === true) {
      await output.open(STATE_COLUMNS);
      output.write(batchFromStates(states));
    } else if (isVector === null) await output.open(lossColumns(asked, false, isWeighted));
  } finally {
    progress.clear();
    await pool.close();
  }
  const { missing, ignored } = counts;
  if (missing + ignored > 0)
    say(
      context,
      `${formatPlural(missing, "loss is", "losses are")} missing and ${formatCount(ignored)} ignored: their cells are empty.`,
    );
}

function addToStates(states: readonly NamedState[], { firstRow, losses }: UnreducedLosses): void {
  for (const [k, { perRow, values, left, weights }] of losses.entries()) {
    const { state } = states[k]!;
    for (let unit = 0; unit < values.length; unit++) {
      if (left?.[unit] === 1) RunningLoss.addMissing(state, 1);
      else if (left?.[unit] === 2) RunningLoss.addIgnored(state, 1);
      else RunningLoss.add(state, values[unit]!, weights?.[unit] ?? 1, firstRow + Math.floor(unit / perRow));
    }
  }
}

function countLeft({ losses }: UnreducedLosses, counts: { missing: number; ignored: number }): void {
  for (const { left } of losses) {
    for (const one of left ?? []) {
      if (one === 1) counts.missing++;
      else if (one === 2) counts.ignored++;
    }
  }
}

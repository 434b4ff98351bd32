import { LOSSES, LossflowError, nearestNames } from "@lossflow/core";
import { describeLoss } from "@lossflow/core/texts";
import type { MetricInfo } from "@lossflow/streaming";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { toJson } from "../format/json-text.ts";
import { formatNameList } from "../format/name-list.ts";
import { formatLoss, formatLosses, formatMetric } from "../format/losses-text.ts";
import { styleFor } from "../format/style.ts";

/** Flags of `lossflow losses`. */
export interface LossesOptions {
  readonly json?: boolean;
}

/**
 * Lists the losses and the metrics, or explains one of them.
 * @throws LF_UNKNOWN_LOSS, naming the nearest.
 */
export async function runLosses(
  context: Context,
  id: string | undefined,
  options: LossesOptions,
): Promise<number> {
  const { stdout } = context;
  const known = LOSSES.filter((loss) => id === undefined || loss.id === id);
  const metrics = id !== undefined && known.length > 0 ? [] : await metricsNamed(id);
  if (known.length + metrics.length === 0) throw await unknown(id!);
  const losses = known.map(describeLoss);
  if (options.json === true) {
    // The functions that make them are no JSON and stay behind.
    stdout.write(`${toJson({ version: 1, losses, metrics })}\n`);
    return EXIT.fine;
  }
  const style = styleFor(stdout, context.env);
  if (id === undefined) stdout.write(formatLosses(losses, metrics, style));
  else stdout.write(metrics.length > 0 ? formatMetric(metrics[0]!, style) : formatLoss(losses[0]!, style));
  return EXIT.fine;
}

/** Metrics are the engine's, which takes a while to load. */
async function metricsNamed(id: string | undefined): Promise<readonly MetricInfo[]> {
  const { METRICS } = await import("@lossflow/streaming");
  return METRICS.filter((metric) => id === undefined || metric.id === id);
}

async function unknown(id: string): Promise<LossflowError> {
  const names = [...LOSSES, ...(await metricsNamed(undefined))].map((one) => one.id);
  const near = nearestNames(id, names);
  const hint = near.length > 0 ? `did you mean ${formatNameList(near)}?` : "`lossflow losses` lists them.";
  return new LossflowError("LF_UNKNOWN_LOSS", `There is no loss or metric ${JSON.stringify(id)}: ${hint}`, {
    got: id,
  });
}

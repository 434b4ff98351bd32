import { LOSSES, lossInfo } from "@lossflow/core";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { toJson } from "../format/json-text.ts";
import { formatLoss, formatLosses } from "../format/losses-text.ts";
import { styleFor } from "../format/style.ts";

/** Flags of `lossflow losses`. */
export interface LossesOptions {
  readonly json?: boolean;
}

/**
 * Lists the losses, or explains one of them.
 * @throws LF_UNKNOWN_LOSS, naming the nearest.
 */
export async function runLosses(
  context: Context,
  id: string | undefined,
  options: LossesOptions,
): Promise<number> {
  const { stdout } = context;
  const losses = id === undefined ? LOSSES : [lossInfo(id)];
  if (options.json === true) {
    // The functions that make the losses are no JSON and stay behind.
    stdout.write(`${toJson({ version: 1, losses })}\n`);
    return EXIT.fine;
  }
  const style = styleFor(stdout, context.env);
  stdout.write(id === undefined ? formatLosses(losses, style) : formatLoss(losses[0]!, style));
  return EXIT.fine;
}

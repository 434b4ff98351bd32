import type { Advice } from "../advise/advice.ts";
import type { Context } from "../cli/context.ts";
import { endInputOnStop } from "../cli/end-input-on-stop.ts";
import { EXIT } from "../cli/exit-code.ts";
import { type LossJob, lossJobFromOptions } from "../cli/loss-job.ts";
import { UsageError } from "../cli/usage-error.ts";
import { formatAdvice } from "../format/advise-text.ts";
import { toJson } from "../format/json-text.ts";
import { styleFor } from "../format/style.ts";

/** Flags of `lossflow advise`. */
export interface AdviseOptions {
  readonly target?: string;
  readonly prediction?: string;
  readonly classes?: readonly string[];
  readonly task?: Advice["task"];
  /** What the predictions of classes are; told by their values where absent. */
  readonly form?: "probabilities" | "logits";
  readonly json?: boolean;
}

/**
 * Says which losses fit targets and predictions, with the figures it rests on and what it cannot tell.
 * @throws LF_USAGE; LF_* for refused data.
 */
export async function runAdvise(
  context: Context,
  sources: readonly string[],
  options: AdviseOptions,
): Promise<number> {
  endInputOnStop(context, sources);
  if (sources.includes("-"))
    throw new UsageError("advise reads its sources twice, so it cannot read standard input: give a file.");
  const { adviseFromTables } = await import("../advise/advise-from-tables.ts");
  const advice = await adviseFromTables(context, sources, options, jobFor(options));
  const style = styleFor(context.stdout, context.env);
  context.stdout.write(options.json === true ? `${toJson(advice)}\n` : formatAdvice(advice, style));
  return EXIT.fine;
}

/** Reads as a loss of elements or, where the predictions are lists and the targets labels, as one of rows. */
function jobFor({ target, prediction, classes }: AdviseOptions): (loss: string) => LossJob {
  return (loss) =>
    lossJobFromOptions("advise", {
      loss: [loss],
      ...(target === undefined ? {} : { target }),
      ...(prediction === undefined ? {} : { prediction }),
      ...(classes === undefined ? {} : { classes }),
    });
}

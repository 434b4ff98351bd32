import { existsSync } from "node:fs";
import { lossFromSpec, type NanPolicy, type RunningReduction } from "@lossflow/core";
import type { Engine, Snapshot } from "@lossflow/streaming";
import type { Context } from "../cli/context.ts";
import { endInputOnStop } from "../cli/end-input-on-stop.ts";
import { EXIT } from "../cli/exit-code.ts";
import { lossSpecsFromText, type LossSpec } from "../cli/loss-specs.ts";
import { createProgress } from "../cli/progress.ts";
import { UsageError } from "../cli/usage-error.ts";
import { formatEval } from "../format/eval-text.ts";
import { formatEvalProgress } from "../format/eval-progress-text.ts";
import { toJson } from "../format/json-text.ts";
import { styleFor } from "../format/style.ts";

/** Flags of `lossflow eval`. */
export interface EvalOptions {
  readonly loss?: readonly string[];
  readonly param?: readonly string[];
  readonly target?: string;
  readonly prediction?: string;
  readonly weight?: string;
  readonly var?: string;
  readonly by?: readonly string[];
  /** Rows in each window. */
  readonly window?: number;
  readonly top?: number;
  readonly reduction?: RunningReduction;
  readonly nan?: NanPolicy;
  readonly classes?: readonly string[];
  readonly workers?: number;
  readonly engine?: "auto" | Engine;
  readonly json?: boolean;
}

/**
 * Evaluates losses over the columns of files and prints the figures: tables, or one JSON object.
 * Nothing is printed before all rows are in.
 * @throws LF_USAGE, LF_UNKNOWN_LOSS, LF_BAD_PARAMETER, LF_UNKNOWN_COLUMN; LF_* for refused data.
 */
export async function runEval(
  context: Context,
  sources: readonly string[],
  options: EvalOptions,
): Promise<number> {
  const asked = needed(options.loss, "--loss ID, such as --loss mse");
  const columns = {
    target: needed(options.target, "--target COLUMN"),
    prediction: needed(options.prediction, "--prediction COLUMN"),
  };
  const losses = lossSpecsFromText(asked, options.param);
  for (const spec of losses) {
    refuseUnreduced(spec);
    if (lossFromSpec(spec).readsVariance && options.var === undefined) {
      throw new UsageError(`${spec.loss} reads the variance of each row: name its column with --var.`);
    }
  }
  endInputOnStop(context, sources);
  const started = performance.now();
  const snapshot = await evaluate(context, sources, losses, { ...options, ...columns });
  const elapsedMs = performance.now() - started;
  const { rows, shape, results, workers, engine } = snapshot;
  if (options.json === true) {
    const report = {
      version: 1,
      ...(rows === undefined ? {} : { rows }),
      ...(shape === undefined ? {} : { shape }),
      results,
      elapsedMs,
      workers,
      engine,
    };
    context.stdout.write(`${toJson(report)}\n`);
  } else {
    const style = styleFor(context.stdout, context.env);
    context.stdout.write(formatEval(snapshot, asked, elapsedMs, style));
  }
  return EXIT.fine;
}

async function evaluate(
  context: Context,
  sources: readonly string[],
  losses: readonly LossSpec[],
  options: EvalOptions & { readonly target: string; readonly prediction: string },
): Promise<Snapshot> {
  const { createPool, runningLoss, streamSource } = await import("@lossflow/streaming/node");
  const files = (await Promise.all(sources.map(filesOf))).flat();
  const progress = createProgress(context.stderr);
  const pool = createPool({
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    engine: options.engine ?? "auto",
  });
  try {
    const snapshots = runningLoss(
      files.map((file) => (file === "-" ? streamSource(context.stdin, "standard input") : file)),
      {
        losses,
        target: options.target,
        prediction: options.prediction,
        weight: options.weight,
        variance: options.var,
        by: options.by,
        window: options.window === undefined ? undefined : { rows: options.window },
        top: options.top,
        reduction: options.reduction,
        nan: options.nan,
        classes: options.classes,
        pool,
        signal: context.signal,
      },
    );
    return await new Promise<Snapshot>((resolve, reject) => {
      let last: Snapshot;
      snapshots.subscribe({
        next(snapshot) {
          last = snapshot;
          progress.show(formatEvalProgress(snapshot));
        },
        error: reject,
        complete: () => resolve(last),
      });
    });
  } finally {
    progress.clear();
    await pool.close();
  }
}

/** A pattern is the files it matches, in the order of their names. */
async function filesOf(source: string): Promise<readonly string[]> {
  if (!/[*?[{]/.test(source) || existsSync(source)) return [source];
  const { discoverRuns } = await import("@lossflow/logs/node");
  return discoverRuns([source]).flatMap(({ paths }) => paths);
}

function needed<T>(value: T | undefined, flag: string): T {
  if (value === undefined) throw new UsageError(`lossflow eval needs ${flag}; --help explains it.`);
  return value;
}

/** Unreduced losses are one number a row: no figure to print. */
function refuseUnreduced({ loss, params }: LossSpec): void {
  if (params["reduce"] !== false && params["reduction"] !== "none") return;
  throw new UsageError(
    `${loss} without a reduction is one number a row, which eval does not print: leave it out, or use \`lossflow export\`.`,
  );
}

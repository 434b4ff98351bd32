import type { NanPolicy, RunningReduction } from "@lossflow/core";
import type {
  LossJobOptions,
  LossResult,
  LossWindow,
  MetricResult,
  Progress as JobProgress,
  Snapshot,
} from "@lossflow/streaming";
import type { CheckpointOptions } from "@lossflow/streaming/node";
import type { StartedWorkers } from "@lossflow/streaming/start-workers";
import type { Context } from "../cli/context.ts";
import { endInputOnStop } from "../cli/end-input-on-stop.ts";
import { EXIT } from "../cli/exit-code.ts";
import { type LossColumns, type LossJob, lossJobFromOptions, tablesFromSources } from "../cli/loss-job.ts";
import type { LossSpec } from "../cli/loss-specs.ts";
import { createProgress, type Progress } from "../cli/progress.ts";
import { say } from "../cli/say.ts";
import { printJson } from "../cli/print-json.ts";
import { UsageError } from "../cli/usage-error.ts";
import { formatEval } from "../format/eval-text.ts";
import { formatEvalProgress } from "../format/eval-progress-text.ts";
import { styleFor } from "../format/style.ts";

/** Flags of `lossflow eval`. */
export interface EvalOptions extends LossColumns {
  readonly by?: readonly string[];
  readonly window?: LossWindow;
  readonly top?: number;
  readonly show?: string;
  readonly quantiles?: readonly number[];
  readonly reduction?: RunningReduction;
  readonly nan?: NanPolicy;
  readonly workers?: number;
  readonly checkpoint?: string;
  /** Seconds. */
  readonly checkpointEvery?: number;
  readonly quarantine?: boolean;
  readonly json?: boolean;
  /** Servers whose workers evaluate it. */
  readonly nats?: string;
  readonly job?: string;
  readonly design?: "map" | "fold";
  readonly replicas?: number;
  readonly timeout?: number;
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
  started: StartedWorkers,
): Promise<number> {
  const job = lossJobFromOptions("eval", options);
  if (options.show !== undefined && options.top === undefined)
    throw new UsageError("--show names columns of the highest losses: give --top K too.");
  const ofLosses = (["top", "quantiles"] as const).find((flag) => options[flag] !== undefined);
  if (ofLosses !== undefined && job.losses.length === 0)
    throw new UsageError(`--${ofLosses} is of losses, and metrics have none a row: give --loss ID too.`);
  const alone = (["job", "design", "replicas", "timeout"] as const).find(
    (flag) => options[flag] !== undefined,
  );
  if (alone !== undefined && options.nats === undefined)
    throw new UsageError(`--${alone} is for jobs on a cluster: give --nats ADDRESS too.`);
  for (const spec of job.losses) refuseUnreduced(spec);
  endInputOnStop(context, sources);
  const began = performance.now();
  const snapshot = await evaluate(context, sources, job, options, started);
  const elapsedMs = performance.now() - began;
  const { rows, shape, windowless, results, metrics, quarantined, workers, engine } = snapshot;
  if (options.json === true) {
    const report = {
      version: 1,
      ...(rows === undefined ? {} : { rows }),
      ...(shape === undefined ? {} : { shape }),
      ...(windowless === undefined ? {} : { windowless }),
      results: results.map(withGroups),
      ...(metrics === undefined ? {} : { metrics: metrics.map(withGroups) }),
      ...(quarantined === undefined ? {} : { quarantined }),
      elapsedMs,
      workers,
      engine,
    };
    await printJson(context.stdout, report);
  } else {
    const style = styleFor(context.stdout, context.env);
    context.stdout.write(
      formatEval(
        snapshot,
        { losses: options.loss ?? [], metrics: options.metric ?? [], window: options.window },
        elapsedMs,
        style,
      ),
    );
  }
  const left = quarantined ?? [];
  for (const { source, from, to, why } of left) {
    say(
      context,
      `${source}, rows ${from} to ${to - 1} are in no figure: three workers failed on them. ${why}`,
    );
  }
  return left.length > 0 ? EXIT.data : EXIT.fine;
}

/** Groups stand under their own name, read as they are written. */
function withGroups({ lazyGroups, ...result }: LossResult | MetricResult): object {
  return lazyGroups === undefined ? result : { ...result, groups: lazyGroups };
}

async function evaluate(
  context: Context,
  sources: readonly string[],
  job: LossJob,
  options: EvalOptions,
  started: StartedWorkers,
): Promise<Snapshot> {
  const [{ createPool, runningLoss }, tables] = await Promise.all([
    import("@lossflow/streaming/node"),
    tablesFromSources(context, sources),
  ]);
  const progress = createProgress(context.stderr);
  const { nats } = options;
  const workers = nats === undefined ? options.workers : 0;
  const pool = createPool({
    ...(workers === undefined ? {} : { workers }),
    engine: options.engine ?? "auto",
    started,
  });
  const whole: LossJobOptions = {
    ...job,
    by: options.by,
    lazyGroups: true,
    window: options.window,
    top: options.top,
    show: options.show,
    quantiles: options.quantiles,
    reduction: options.reduction,
    nan: options.nan,
    pool,
    signal: context.signal,
  };
  try {
    if (nats !== undefined) {
      if (options.checkpoint !== undefined || options.quarantine === true)
        throw new UsageError(
          "--checkpoint and --quarantine are for jobs in one process; leave them out with --nats.",
        );
      const { evaluateOnNats } = await import("../nats/eval-on-nats.ts");
      return await evaluateOnNats(context, tables, whole, { ...options, nats }, progress);
    }
    const told = checkpointNews(context, options.checkpoint, progress);
    const snapshots = runningLoss(tables, {
      ...whole,
      quarantine: options.quarantine,
      checkpoint: checkpointOf(options),
      every: Infinity,
      progress: {
        next(one) {
          told(one);
          progress.show(formatEvalProgress(one));
        },
      },
    });
    return await new Promise<Snapshot>((resolve, reject) => {
      let last: Snapshot;
      snapshots.subscribe({
        next(snapshot) {
          last = snapshot;
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

function checkpointOf({ checkpoint, checkpointEvery }: EvalOptions): CheckpointOptions | undefined {
  if (checkpoint === undefined) {
    if (checkpointEvery === undefined) return undefined;
    throw new UsageError("--checkpoint-every needs --checkpoint FILE.");
  }
  return { path: checkpoint, ...(checkpointEvery === undefined ? {} : { every: 1000 * checkpointEvery }) };
}

/** Says once where a job goes on, and each time that its checkpoints can no longer be written. */
function checkpointNews(
  context: Context,
  file: string | undefined,
  progress: Progress,
): (told: JobProgress) => void {
  let resumed = false;
  let failure: string | null = null;
  return ({ checkpoint }) => {
    if (checkpoint === undefined) return;
    if (checkpoint.resumedAt > 0 && !resumed) {
      resumed = true;
      progress.clear();
      say(context, `goes on at row ${checkpoint.resumedAt}, from ${file}`);
    }
    if (checkpoint.failure !== null && failure === null) {
      progress.clear();
      say(context, checkpoint.failure);
    }
    failure = checkpoint.failure;
  };
}

/** Unreduced losses are one number a row: no figure to print. */
function refuseUnreduced({ loss, params }: LossSpec): void {
  if (params["reduce"] !== false && params["reduction"] !== "none") return;
  throw new UsageError(
    `${loss} without a reduction is one number a row, which eval does not print: leave it out, or use \`lossflow export\`.`,
  );
}

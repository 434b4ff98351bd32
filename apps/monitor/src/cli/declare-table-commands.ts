import type { Command } from "commander";
import type { AdviseOptions } from "../commands/advise-command.ts";
import type { EvalOptions } from "../commands/eval-command.ts";
import type { ExportOptions } from "../commands/export-command.ts";
import type { LossesOptions } from "../commands/losses-command.ts";
import { withNatsSources } from "../nats/with-nats-sources.ts";
import { choiceOf, listOf, numberOf, repeated, sharesOf, wholeNumberOf } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";
import { windowOf } from "./window-of.ts";
import { SOURCES } from "./log-sources.ts";
import type { Context } from "./context.ts";

const ENGINES = ["auto", "js", "wasm-simd"];

const EVAL_EXAMPLES = `
Examples:
  lossflow eval scores.parquet --loss bce_logits --target y --prediction logit
  lossflow eval a.csv --loss mae --loss huber:delta=0.5 --target y --prediction p --by country
  lossflow eval test.arrow --loss scce_logits --metric accuracy --metric confusion:classes=10 \\
      --target label --prediction 'logit_*' --top 5 --show id
  lossflow eval day.jsonl --loss mse --target y --prediction p --window time:at:1h,lateness=5m --json`;

/** Declares the commands of losses over the columns of tables. */
export function declareTableCommands(
  program: Command,
  context: Context,
  finish: (exitCode: number) => void,
): void {
  program
    .command("eval")
    .summary("losses over target and prediction columns")
    .description("Evaluates losses over columns of Arrow IPC, Parquet, CSV or JSON-lines files.")
    .argument(
      "<sources...>",
      "files of Arrow IPC, Parquet, CSV or JSON lines (told apart by their content), folders, http(s):// addresses, or -",
    )
    .option(
      "--loss <id[:k=v,...]>",
      "a loss and its parameters; may be given again (lossflow losses lists them)",
      repeated,
    )
    .option("--param <k=v>", "a parameter of the loss, where there is one loss; may be given again", repeated)
    .option(
      "--metric <id[:k=v,...]>",
      "a metric in the same pass, such as accuracy, f1:threshold=0.3 or confusion:classes=10; may be given again (lossflow losses lists them)",
      repeated,
    )
    .option("--target <columns>", "a column, several (t0,t1,t2) or a pattern (t_*)")
    .option("--prediction <columns>", "a column, several (p0,p1,p2) or a pattern (p_*)")
    .option("--weight <column>", "a weight per row; rows of weight 0 are ignored")
    .option("--var <column>", "the variance of each prediction, for gaussian_nll")
    .option("--by <columns>", "figures for each group as well", listOf("--by"))
    .option(
      "--window <spec>",
      "figures for each window as well: rows:1000, step:COLUMN:10[,slide=5] or time:COLUMN:30s[,slide=10s][,lateness=1m]",
      windowOf("--window"),
    )
    .option("--top <k>", "the k rows of the highest loss as well", wholeNumberOf("--top", 1))
    .option("--show <columns>", "columns to show with those rows, such as id,text")
    .option(
      "--quantiles <shares>",
      "quantiles of the losses as well, such as 0.5,0.9,0.99, to 1 part in 256",
      sharesOf("--quantiles"),
    )
    .option(
      "--reduction <name>",
      "mean, sum, mean_by_count or sum_by_nonzero_weights (default: mean)",
      reduction,
    )
    .option("--nan <policy>", "count, skip, propagate or throw (default: count)", nanPolicy)
    .option(
      "--classes <names>",
      "the labels' names in class order, where targets are text",
      listOf("--classes"),
    )
    .option(
      "--workers <n>",
      "worker threads; the figures are the same for any number",
      wholeNumberOf("--workers", 0),
    )
    .option(
      "--engine <name>",
      "auto, js or wasm-simd (default: auto, which takes wasm-simd where the machine has SIMD)",
      choiceOf("--engine", ENGINES),
    )
    .option(
      "--checkpoint <file>",
      "keep how far it is in this file; after a stop or a crash the same command goes on from there",
    )
    .option(
      "--checkpoint-every <seconds>",
      "seconds between checkpoints (default: 5)",
      numberOf("--checkpoint-every", 0),
    )
    .option(
      "--quarantine",
      "leave out rows on which three workers failed, name them, and exit with 30 (default: end there)",
    )
    .option("--json", "print one JSON object")
    .option(
      "--nats <address>",
      "let the workers of a cluster evaluate it: nats://host:4222 (lossflow worker)",
    )
    .option(
      "--job <name>",
      "with --nats: its name there; the same again goes on where it was left, `lossflow worker --cancel` ends it",
    )
    .option(
      "--design <name>",
      "with --nats: map or fold (default: map for Arrow and Parquet files, else fold)",
      choiceOf("--design", ["map", "fold"]),
    )
    .option("--replicas <n>", "with --nats: copies in a cluster (default: 1)", wholeNumberOf("--replicas", 1))
    .option(
      "--timeout <seconds>",
      "with --nats: give up after this long without a result (default: never)",
      numberOf("--timeout", 0),
    )
    .addHelpText("after", EVAL_EXAMPLES)
    .action(async (sources: string[], options: EvalOptions) => {
      // The workers take as long to load as the command does.
      const { startWorkers } = await import("@lossflow/streaming/start-workers");
      const started = startWorkers(options.nats === undefined ? options.workers : 0);
      const { runEval } = await import("../commands/eval-command.ts");
      finish(await runEval(context, sources, options, started));
    });

  program
    .command("export")
    .summary("points, unreduced losses or running states as Arrow, Parquet, CSV or JSON lines")
    .description(
      "Writes the points of logs as a table; with --loss the unreduced losses of rows; with --state what either adds up to.",
    )
    .argument("<sources...>", `${SOURCES}; with --loss, files as eval reads them`)
    .option("-o, --out <file>", "the file to write, whole or not at all (default: standard output)")
    .option(
      "--to <format>",
      "arrow, parquet, csv or jsonl (default: by the file's name; csv)",
      choiceOf("--to", ["arrow", "parquet", "csv", "jsonl"]),
    )
    .option("--metric <names>", "these series of the logs alone", listOf("--metric"))
    .option("--state", "the running states, exact and mergeable, instead of points or losses")
    .option("--loss <id[:k=v,...]>", "the losses of rows, a column each; may be given again", repeated)
    .option("--param <k=v>", "a parameter of the loss, where there is one loss; may be given again", repeated)
    .option("--target <columns>", "a column, several (t0,t1,t2) or a pattern (t_*)")
    .option("--prediction <columns>", "a column, several (p0,p1,p2) or a pattern (p_*)")
    .option("--weight <column>", "a weight per row; losses of weight 0 are ignored")
    .option("--var <column>", "the variance of each prediction, for gaussian_nll")
    .option(
      "--classes <names>",
      "the labels' names in class order, where targets are text",
      listOf("--classes"),
    )
    .option("--reduction <none>", "none: losses are exported as they are", choiceOf("--reduction", ["none"]))
    .option("--engine <name>", "auto, js or wasm-simd (default: auto)", choiceOf("--engine", ENGINES))
    .option("--format <id>", "read logs as this format instead of detecting it")
    .action(async (sources: string[], options: ExportOptions) => {
      const { runExport } = await import("../commands/export-command.ts");
      finish(await withNatsSources(context, sources, false, (own, logs) => runExport(own, logs, options)));
    });

  program
    .command("advise")
    .summary("which loss fits targets and predictions, with the figures")
    .description("Says which losses fit targets and predictions, with the figures, and what it cannot tell.")
    .argument("<sources...>", "files of Arrow IPC, Parquet, CSV or JSON lines")
    .option("--target <columns>", "a column, several (t0,t1,t2) or a pattern (t_*)")
    .option("--prediction <columns>", "a column, several (p0,p1,p2) or a pattern (p_*)")
    .option(
      "--classes <names>",
      "the labels' names in class order, where targets are text",
      listOf("--classes"),
    )
    .option(
      "--task <name>",
      "regression, binary or multiclass (default: by the columns)",
      choiceOf("--task", ["regression", "binary", "multiclass"]),
    )
    .option(
      "--form <name>",
      "what predictions of classes are, probabilities or logits (default: by their values)",
      choiceOf("--form", ["probabilities", "logits"]),
    )
    .option("--json", "print one JSON object")
    .action(async (sources: string[], options: AdviseOptions) => {
      const { runAdvise } = await import("../commands/advise-command.ts");
      finish(await runAdvise(context, sources, options));
    });

  program
    .command("losses")
    .summary("list the losses and metrics: formulas, parameters, defaults")
    .description("Lists the losses and metrics with their formulas, parameters and defaults, or one of them.")
    .argument("[id]", "one loss or metric")
    .option("--json", "print one JSON object")
    .action(async (id: string | undefined, options: LossesOptions) => {
      const { runLosses } = await import("../commands/losses-command.ts");
      finish(await runLosses(context, id, options));
    });
}

function reduction(text: string): string {
  if (text !== "none")
    return choiceOf("--reduction", ["mean", "sum", "mean_by_count", "sum_by_nonzero_weights"])(text);
  throw new UsageError(
    "--reduction none is one number a row, which eval does not print; `lossflow export` is for unreduced losses.",
  );
}

const nanPolicy: (text: string) => string = choiceOf("--nan", ["count", "skip", "propagate", "throw"]);

import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { AdviseOptions } from "../commands/advise-command.ts";
import type { BacktestOptions } from "../commands/backtest-command.ts";
import type { EvalOptions } from "../commands/eval-command.ts";
import type { CompareOptions } from "../commands/compare-command.ts";
import type { CheckOptions } from "../commands/check-command.ts";
import type { DemoOptions } from "../demo/demo-command.ts";
import type { ExportOptions } from "../commands/export-command.ts";
import type { ExplainOptions } from "../commands/explain-command.ts";
import type { LossesOptions } from "../commands/losses-command.ts";
import type { ReportOptions } from "../commands/report-command.ts";
import type { ServeOptions } from "../commands/serve-command.ts";
import type { SummaryOptions } from "../commands/summary-command.ts";
import type { WatchOptions } from "../commands/watch-command.ts";
import type { PublishOptions } from "../commands/publish-command.ts";
import type { WorkerCommandOptions } from "../commands/worker-command.ts";
import type { Context } from "./context.ts";
import { choiceOf, listOf, numberOf, repeated, wholeNumberOf } from "./option-values.ts";
import { withNatsSources } from "../nats/with-nats-sources.ts";
import { ANY_PORT } from "./plain-serve.ts";
import { webhookFromText } from "./webhook-from-text.ts";
import { UsageError } from "./usage-error.ts";
import { windowOf } from "./window-of.ts";

const SOURCES =
  "a file, a folder (runs are found below it), a glob, - for standard input, or nats://host:4222[/run] for published logs";

const FAIL_ON = "nan spike divergence plateau stall zero overflow skipped traceback oom signal".split(" ");
const COMPARE_AXES = ["step", "epoch", "tokens", "samples", "time"];
const ENGINES = ["auto", "js", "wasm-simd"];

const EXIT_CODES = `
Exit codes, the most serious first where several hold:
  21 non-finite   20 diverged   24 a limit crossed   22 stalled   23 plateau
  30 the data is wrong   10 a warning   0 fine   1 an internal fault
  2 the command line is wrong   130, 143 ended by a signal`;

const EXAMPLES = `
Examples:
  lossflow watch train.log
  lossflow summary runs/ --json
  lossflow eval scores.parquet --loss bce_logits --target y --prediction logit --by country
  lossflow check train.log && sbatch next.sh`;

/**
 * Declares every command and flag. Each command's code is loaded when it runs, so that help answers at once;
 * `finish` is given its exit code.
 */
export function createCommandLine(context: Context, finish: (exitCode: number) => void): Command {
  const program = new Command("lossflow")
    .description("Knows your loss: reads any training log, live or finished, and evaluates any loss exactly.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText("after", `${EXAMPLES}\n${EXIT_CODES}`);

  program
    .command("watch")
    .summary("follow logs while they grow")
    .description("Follows logs while they grow: a chart on a terminal, else a line per reading.")
    .argument("<sources...>", SOURCES)
    .option("--json", "print one JSON object a line, at most one a metric every 250 ms")
    .option("--once", "read what is there and end")
    .option("--serve [port]", "the web page as well (default: port 6464, or any free one)", servePortOf)
    .option("--format <id>", "read as this format instead of detecting it")
    .action(async (sources: string[], options: WatchOptions) => {
      const { runWatch } = await import("../commands/watch-command.ts");
      finish(
        await withNatsSources(context, sources, options.once !== true, (own, logs) =>
          runWatch(own, logs, options),
        ),
      );
    });

  program
    .command("serve")
    .summary("the web page of logs, finished or growing")
    .description("Serves a web page of logs, finished or growing, to this machine alone; prints its address.")
    .argument("<sources...>", SOURCES)
    .option("--port <n>", "the port (default: 6464, or any free one)", portOf("--port"))
    .option(
      "--host <address>",
      "listen on this address too: others then need the key that the page's address holds",
    )
    .option("--format <id>", "read as this format instead of detecting it")
    .action(async (sources: string[], options: ServeOptions) => {
      const { runServe } = await import("../commands/serve-command.ts");
      finish(await withNatsSources(context, sources, true, (own, logs) => runServe(own, logs, options)));
    });

  program
    .command("report")
    .summary("one HTML file that shows runs wherever it is opened, or a chart as SVG")
    .description(
      "Writes one self-contained HTML file with the charts of runs, or the chart of one metric as SVG.",
    )
    .argument("<sources...>", SOURCES)
    .option("-o, --out <file>", "the file to write, .html or .svg (default: lossflow-report.html)")
    .option("--metric <name>", "the metric of an SVG (default: the main training loss)")
    .option("--format <id>", "read as this format instead of detecting it")
    .action(async (sources: string[], options: ReportOptions) => {
      const { runReport } = await import("../commands/report-command.ts");
      finish(await withNatsSources(context, sources, false, (own, logs) => runReport(own, logs, options)));
    });

  program
    .command("summary")
    .summary("read logs to the end and print their figures")
    .description(
      "Reads logs to the end: every series with its exact mean and its denominator, and what happened.",
    )
    .argument("<sources...>", SOURCES)
    .option("--json", "print one JSON object")
    .option("--format <id>", "read as this format instead of detecting it")
    .action(async (sources: string[], options: SummaryOptions) => {
      const { runSummary } = await import("../commands/summary-command.ts");
      finish(await withNatsSources(context, sources, false, (own, logs) => runSummary(own, logs, options)));
    });

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
      numberOf("--checkpoint-every"),
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
    .option("--job <name>", "with --nats: its name there; the same again goes on where it was left")
    .option(
      "--design <name>",
      "with --nats: map or fold (default: map for Arrow and Parquet files, else fold)",
      choiceOf("--design", ["map", "fold"]),
    )
    .option("--replicas <n>", "with --nats: copies in a cluster (default: 1)", wholeNumberOf("--replicas", 1))
    .option(
      "--timeout <seconds>",
      "with --nats: give up after this long without a result (default: never)",
      numberOf("--timeout"),
    )
    .action(async (sources: string[], options: EvalOptions) => {
      const { runEval } = await import("../commands/eval-command.ts");
      finish(await runEval(context, sources, options));
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
      finish(await runExport(context, sources, options));
    });

  program
    .command("check")
    .summary("judge logs by an exit code, for CI and schedulers")
    .description("Judges logs by an exit code, for CI and schedulers.")
    .argument("<sources...>", SOURCES)
    .option(
      "--fail-on <kinds>",
      "of nan, spike, divergence, plateau, stall, zero; of what the log tells, overflow, skipped, traceback, oom, signal (default: nan,divergence)",
      listOf("--fail-on", FAIL_ON),
    )
    .option("--metric <name>", "the metric to judge (default: the main training loss)")
    .option("--max-loss <x>", "fail when the last finite value is above x", numberOf("--max-loss"))
    .option("--until <condition>", "follow until then: step:5000, a time as 30m or 12h, or 'loss<2.5'")
    .option(
      "--on-alert <command>",
      "run a shell command for each alert, the event as JSON on its standard input",
    )
    .option("--webhook <url>", "post each alert as JSON to this address, and to no other", webhookFromText)
    .option("--alerts <file>", "append each alert as a line of JSON; - prints them instead of the report")
    .option("--rules <file>", "rules that decide what fails, warns or is ignored, a line each")
    .option("--json", "print one JSON object")
    .option("--format <id>", "read as this format instead of detecting it")
    .action(async (sources: string[], options: CheckOptions) => {
      const { runCheck } = await import("../commands/check-command.ts");
      finish(
        await withNatsSources(context, sources, options.until !== undefined, (own, logs) =>
          runCheck(own, logs, options),
        ),
      );
    });

  program
    .command("backtest")
    .summary("the detectors over old logs: alarms, and false ones per 1,000 steps")
    .description(
      "Lets the detectors go over old or generated logs and counts their alarms, false and missed ones.",
    )
    .argument("[sources...]", SOURCES)
    .option(
      "--labels <file>",
      "what the runs are known to have, as JSON lines: false and missed alarms are counted",
    )
    .option(
      "--planted [repeats]",
      "generated runs with planted incidents instead of logs (default: 1)",
      repeatsOf,
    )
    .option(
      "--seed <n>",
      "what the random numbers of --planted start from (default: 1)",
      wholeNumberOf("--seed", 0),
    )
    .option("--json", "print one JSON object")
    .option("--format <id>", "read as this format instead of detecting it")
    .action(
      async (
        sources: string[],
        options: Omit<BacktestOptions, "planted"> & { readonly planted?: number | true },
      ) => {
        const { runBacktest } = await import("../commands/backtest-command.ts");
        const { planted, ...rest } = options;
        const repeats = planted === true ? 1 : planted;
        finish(
          await runBacktest(context, sources, repeats === undefined ? rest : { ...rest, planted: repeats }),
        );
      },
    );

  program
    .command("compare")
    .summary("runs side by side at equal step, epoch, tokens or time")
    .description(
      "Sets runs side by side at equal x and says how far each lies from the first, with a 95 % interval.",
    )
    .argument("<sources...>", SOURCES)
    .option("--metric <name>", "the metric to compare (default: each run's main training loss)")
    .option(
      "--by <axis>",
      "step, epoch, tokens, samples or time (default: step)",
      choiceOf("--by", COMPARE_AXES),
    )
    .option("--at <x>", "where (default: the last place that all runs have)", numberOf("--at"))
    .option(
      "--seeds <centre>",
      "put runs together that differ by their seed alone, by their mean or median",
      choiceOf("--seeds", ["mean", "median"]),
    )
    .option("--json", "print one JSON object")
    .option("--format <id>", "read as this format instead of detecting it")
    .action(async (sources: string[], options: CompareOptions) => {
      const { runCompare } = await import("../commands/compare-command.ts");
      finish(await runCompare(context, sources, options));
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
    .command("explain")
    .summary("which reader matched a log, how sure, and which lines it did not read")
    .description(
      "Says which reader matched a log, how sure it is, and which lines were read and which were not.",
    )
    .argument("<sources...>", SOURCES)
    .option("--json", "print one JSON object")
    .option("--format <id>", "read as this format instead of detecting it")
    .action(async (sources: string[], options: ExplainOptions) => {
      const { runExplain } = await import("../commands/explain-command.ts");
      finish(await withNatsSources(context, sources, false, (own, logs) => runExplain(own, logs, options)));
    });

  program
    .command("losses")
    .summary("list the losses: formulas, parameters, defaults")
    .description("Lists the losses with their formulas, parameters and defaults, or one of them.")
    .argument("[id]", "one loss")
    .option("--json", "print one JSON object")
    .action(async (id: string | undefined, options: LossesOptions) => {
      const { runLosses } = await import("../commands/losses-command.ts");
      finish(await runLosses(context, id, options));
    });

  program
    .command("worker")
    .summary("work on the jobs of a cluster")
    .description("Folds the chunks of jobs that `lossflow eval --nats` submits, until it is ended.")
    .requiredOption("--nats <address>", "the servers: nats://host:4222, or several parted by commas")
    .option("--workers <n>", "worker threads", wholeNumberOf("--workers", 0))
    .option(
      "--engine <name>",
      "auto, js or wasm-simd (default: auto); a job is for one engine",
      choiceOf("--engine", ["auto", "js", "wasm-simd"]),
    )
    .option("--replicas <n>", "copies in a cluster (default: 1)", wholeNumberOf("--replicas", 1))
    .action(async (options: WorkerCommandOptions) => {
      const { runWorkerCommand } = await import("../commands/worker-command.ts");
      finish(await runWorkerCommand(context, options));
    });

  program
    .command("publish")
    .summary("publish a log while it grows, for watchers elsewhere")
    .description("Publishes a log while it grows, for `lossflow watch nats://host:4222` elsewhere.")
    .argument("<file>", "a log, or - for standard input")
    .requiredOption("--nats <address>", "the servers: nats://host:4222, or several parted by commas")
    .option("--run <name>", "the name of the run (default: that of the file)")
    .option("--once", "publish what is there and end")
    .option("--replicas <n>", "copies in a cluster (default: 1)", wholeNumberOf("--replicas", 1))
    .action(async (file: string, options: PublishOptions) => {
      const { runPublish } = await import("../commands/publish-command.ts");
      finish(await runPublish(context, file, options));
    });

  program
    .command("demo")
    .summary("train small real models and watch them")
    .description("Trains small real models with these losses and gradients, and watches them.")
    .option("--out <folder>", "a new or empty folder for the logs (default: a fresh one for temporary files)")
    .option("--seed <n>", "what the random numbers start from (default: 1)", wholeNumberOf("--seed", 0))
    .option("--json", "print one JSON object at the end")
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import("../demo/demo-command.ts");
      finish(await runDemo(context, options));
    });

  offerPins(program);
  return program;
}

/** Lets a log's format be pinned by a line or a pattern wherever it can be named. */
function offerPins(program: Command): void {
  for (const command of program.commands) {
    if (!command.options.some(({ long }) => long === "--format")) continue;
    command
      .option("--line <text>", 'read lines like this one: a sample, or "step {step} loss {loss}"')
      .option("--pattern <re2>", "read lines that this RE2 pattern matches: (?<step>\\d+) .* (?<loss>\\S+)")
      .hook("preAction", async () => {
        const { format, line, pattern } = command.opts<Readonly<Record<string, string | undefined>>>();
        if ([format, line, pattern].filter((given) => given !== undefined).length > 1)
          throw new UsageError("--format, --line and --pattern each fix the format: give one of them.");
        if (line === undefined && pattern === undefined) return;
        const { pinFromLine, pinFromPattern } = await import("@lossflow/logs/pin");
        command.setOptionValue(
          "format",
          line === undefined ? pinFromPattern(pattern ?? "") : pinFromLine(line),
        );
      });
  }
}

function reduction(text: string): string {
  if (text !== "none")
    return choiceOf("--reduction", ["mean", "sum", "mean_by_count", "sum_by_nonzero_weights"])(text);
  throw new UsageError(
    "--reduction none is one number a row, which eval does not print; `lossflow export` is for unreduced losses.",
  );
}

/** Reads the port of `--serve`: true for {@link ANY_PORT}, as commander has a flag without a value. */
function servePortOf(text: string): number | true {
  return text === ANY_PORT ? true : portOf("--serve")(text);
}

/** Reads how often generated runs are repeated. */
const repeatsOf: (text: string) => number = wholeNumberOf("--planted", 1);

/** Reads a port; 0 lets the system choose. */
function portOf(flag: string): (text: string) => number {
  return (text) => {
    const port = wholeNumberOf(flag, 0)(text);
    if (port > 65_535) throw new UsageError(`${flag} takes a number up to 65535, not ${text}.`);
    return port;
  };
}

const nanPolicy: (text: string) => string = choiceOf("--nan", ["count", "skip", "propagate", "throw"]);

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (manifest as { readonly version: string }).version;
}

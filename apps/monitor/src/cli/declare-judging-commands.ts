import type { Command } from "commander";
import type { BacktestOptions } from "../commands/backtest-command.ts";
import type { CompareOptions } from "../commands/compare-command.ts";
import type { CheckOptions } from "../commands/check-command.ts";
import { choiceOf, listOf, nameOf, numberOf, wholeNumberOf } from "./option-values.ts";
import { withNatsSources } from "../nats/with-nats-sources.ts";
import { webhookFromText } from "./webhook-from-text.ts";
import { SOURCES } from "./log-sources.ts";
import type { Context } from "./context.ts";

const FAIL_ON = "nan spike divergence plateau stall zero overflow skipped traceback oom signal".split(" ");
const COMPARE_AXES = ["step", "epoch", "tokens", "samples", "time"];

/** Declares the commands that judge logs and hold them against each other. */
export function declareJudgingCommands(
  program: Command,
  context: Context,
  finish: (exitCode: number) => void,
): void {
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
    .option("--metric <name>", "the metric to judge (default: the main training loss)", nameOf("--metric"))
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
        const all = repeats === undefined ? rest : { ...rest, planted: repeats };
        finish(await withNatsSources(context, sources, false, (own, logs) => runBacktest(own, logs, all)));
      },
    );

  program
    .command("compare")
    .summary("runs side by side at equal step, epoch, tokens or time")
    .description(
      "Sets runs side by side at equal x and says how far each lies from the first, with a 95 % interval.",
    )
    .argument("<sources...>", SOURCES)
    .option(
      "--metric <name>",
      "the metric to compare (default: each run's main training loss)",
      nameOf("--metric"),
    )
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
      finish(await withNatsSources(context, sources, false, (own, logs) => runCompare(own, logs, options)));
    });
}

/** Reads how often generated runs are repeated. */
const repeatsOf: (text: string) => number = wholeNumberOf("--planted", 1);

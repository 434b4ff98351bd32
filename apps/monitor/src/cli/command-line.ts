import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { ExplainOptions } from "../commands/explain-command.ts";
import type { LossesOptions } from "../commands/losses-command.ts";
import type { SummaryOptions } from "../commands/summary-command.ts";
import type { Context } from "./context.ts";

const SOURCES = "a file, a folder (runs are found below it), a glob, or - for standard input";

const EXIT_CODES = `
Exit codes, the most serious first where several hold:
  21 non-finite   20 diverged   24 a limit crossed   22 stalled   23 plateau
  30 the data is wrong   10 a warning   0 fine   1 an internal fault
  2 the command line is wrong   130, 143 ended by a signal`;

const EXAMPLES = `
Examples:
  lossflow summary runs/ --json
  lossflow explain train.log`;

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
      finish(await runSummary(context, sources, options));
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
      finish(await runExplain(context, sources, options));
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

  return program;
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (manifest as { readonly version: string }).version;
}

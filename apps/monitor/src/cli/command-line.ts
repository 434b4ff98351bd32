import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { Context } from "./context.ts";
import { repeated } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";
import { declareLogCommands } from "./declare-log-commands.ts";
import { declareJudgingCommands } from "./declare-judging-commands.ts";
import { declareTableCommands } from "./declare-table-commands.ts";
import { declareOtherCommands } from "./declare-other-commands.ts";

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

  declareLogCommands(program, context, finish);
  declareJudgingCommands(program, context, finish);
  declareTableCommands(program, context, finish);
  declareOtherCommands(program, context, finish);
  offerPins(program);
  refuseTwice(program);
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

/** Commands whose figures are of all that their flags name: a value that the next one replaces would be missed. */
const OF_ALL_FLAGS: readonly string[] = ["eval", "export"];

/** Refuses a second value of a flag that takes one. Elsewhere the last counts, so that an alias can be overruled. */
function refuseTwice(program: Command): void {
  for (const command of program.commands) {
    if (!OF_ALL_FLAGS.includes(command.name())) continue;
    for (const option of command.options) {
      if (!(option.required || option.optional) || option.parseArg === repeated) continue;
      let isGiven = false;
      command.on(`option:${option.name()}`, () => {
        if (isGiven) throw new UsageError(`${option.long} is given twice; give it once.`);
        isGiven = true;
      });
    }
  }
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (manifest as { readonly version: string }).version;
}

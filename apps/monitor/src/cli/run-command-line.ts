import { CommanderError, type Command } from "commander";
import { formatNameList } from "../format/name-list.ts";
import { createCommandLine } from "./command-line.ts";
import type { Context } from "./context.ts";
import { exitCodeFromError } from "./exit-code-from-error.ts";
import { EXIT } from "./exit-code.ts";
import { withPlainServe } from "./plain-serve.ts";
import { say } from "./say.ts";
import { stopReasonFrom } from "./stop-reason.ts";
import { UsageError } from "./usage-error.ts";

/** Runs one command line to its end and gives the exit code; every failure is one sentence on standard error. */
export async function runCommandLine(args: readonly string[], context: Context): Promise<number> {
  let exitCode: number = EXIT.fine;
  const program = createCommandLine(context, (code) => (exitCode = code));
  try {
    const words = withHelpFlag(args);
    refuseUnknownCommand(words[0], program);
    await program.parseAsync(withPlainServe(words), { from: "user" });
  } catch (error) {
    const stopped = stopReasonFrom(context.signal);
    if (stopped !== null) return stopped.exitCode;
    if (error instanceof CommanderError) return reportWrongUse(error, args, program, context);
    return reportFailure(error, context);
  }
  const stopped = stopReasonFrom(context.signal);
  return stopped === null || stopped.kind === "closed" ? exitCode : stopped.exitCode;
}

/** Writes `help COMMAND` as `COMMAND --help`. */
function withHelpFlag(args: readonly string[]): readonly string[] {
  return args[0] === "help" ? [...args.filter((arg) => arg !== "help"), "--help"] : args;
}

/** Refuses a command that does not exist before its `--help` is taken for that of lossflow. */
function refuseUnknownCommand(name: string | undefined, program: Command): void {
  if (name === undefined || name.startsWith("-")) return;
  const known = program.commands.map((command) => command.name());
  if (known.includes(name)) return;
  throw new UsageError(
    `There is no command ${name}; there are ${formatNameList(known, "and")}.`,
    name,
    known,
  );
}

async function reportFailure(error: unknown, context: Context): Promise<number> {
  const exitCode = exitCodeFromError(error);
  const message =
    error instanceof UsageError
      ? await withNearest(error)
      : error instanceof Error
        ? error.message
        : String(error);
  if (exitCode !== EXIT.internal) {
    say(context, message);
    return exitCode;
  }
  const stack = error instanceof Error && context.env["LOSSFLOW_DEBUG"] ? error.stack : undefined;
  say(context, `an internal fault: ${message}. LOSSFLOW_DEBUG=1 shows where; please report it.`);
  if (stack !== undefined) context.stderr.write(`${stack}\n`);
  return exitCode;
}

async function reportWrongUse(
  error: CommanderError,
  args: readonly string[],
  program: Command,
  context: Context,
): Promise<number> {
  if (error.code === "commander.helpDisplayed" || error.code === "commander.version") return EXIT.fine;
  // `lossflow` alone has printed the help to standard error.
  if (error.code === "commander.help") return EXIT.usage;
  const command = program.commands.find((candidate) => args.includes(candidate.name())) ?? program;
  return reportFailure(usageErrorFrom(error, command, program), context);
}

/** Says in one sentence what commander found wrong. */
function usageErrorFrom(error: CommanderError, command: Command, program: Command): UsageError {
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const call = command === program ? "the command line" : command.name();
  const help = `\`lossflow ${command === program ? "" : `${call} `}--help\``;
  switch (error.code) {
    case "commander.unknownOption": {
      const known = [...command.options.flatMap((option) => option.long ?? []), "--help"];
      return new UsageError(
        `${call} has no flag ${name}; it has ${formatNameList(known, "and")}.`,
        name,
        known,
      );
    }
    case "commander.missingArgument":
      return new UsageError(`${call} needs a source: a file, a folder, a glob, or - for standard input.`);
    case "commander.missingMandatoryOptionValue":
      return new UsageError(
        `${call} needs ${name.replace(/<(.*)>/, (_, value: string) => value.toUpperCase())}; ${help} explains it.`,
      );
    case "commander.optionMissingArgument":
      return new UsageError(`${name} needs a value; ${help} explains it.`);
    case "commander.excessArguments":
      return new UsageError(`${call} was given too many names; ${help} explains it.`);
    default:
      return new UsageError(`${error.message.replace(/^error: /, "")}; ${help} explains it.`);
  }
}

async function withNearest(error: UsageError): Promise<string> {
  if (error.known.length === 0) return error.message;
  const { nearestNames } = await import("@lossflow/core");
  const near = nearestNames(error.got, error.known);
  return near.length > 0 ? `${error.message} Did you mean ${formatNameList(near)}?` : error.message;
}

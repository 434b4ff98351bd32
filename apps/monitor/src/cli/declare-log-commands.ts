import type { Command } from "commander";
import type { ExplainOptions } from "../commands/explain-command.ts";
import type { ReportOptions } from "../commands/report-command.ts";
import type { ServeOptions } from "../commands/serve-command.ts";
import type { SummaryOptions } from "../commands/summary-command.ts";
import type { WatchOptions } from "../commands/watch-command.ts";
import { nameOf, wholeNumberOf } from "./option-values.ts";
import { withNatsSources } from "../nats/with-nats-sources.ts";
import { ANY_PORT } from "./plain-serve.ts";
import { UsageError } from "./usage-error.ts";
import { SOURCES } from "./log-sources.ts";
import type { Context } from "./context.ts";

/** Declares the commands that read logs and show what they hold. */
export function declareLogCommands(
  program: Command,
  context: Context,
  finish: (exitCode: number) => void,
): void {
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
    .summary("one HTML file that shows runs wherever it is opened, or a chart as SVG or PNG")
    .description(
      "Writes one self-contained HTML file with the charts of runs, or the chart of one metric as SVG or PNG.",
    )
    .argument("<sources...>", SOURCES)
    .option("-o, --out <file>", "the file to write, .html, .svg or .png (default: lossflow-report.html)")
    .option(
      "--metric <name>",
      "the metric of a picture (default: the main training loss)",
      nameOf("--metric"),
    )
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
}

/** Reads the port of `--serve`: true for {@link ANY_PORT}, as commander has a flag without a value. */
function servePortOf(text: string): number | true {
  return text === ANY_PORT ? true : portOf("--serve")(text);
}

/** Reads a port; 0 lets the system choose. */
function portOf(flag: string): (text: string) => number {
  return (text) => {
    const port = wholeNumberOf(flag, 0)(text);
    if (port > 65_535) throw new UsageError(`${flag} takes a number up to 65535, not ${text}.`);
    return port;
  };
}

import type { FormatChoice } from "@lossflow/logs";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { readRuns } from "../cli/read-runs.ts";
import { say } from "../cli/say.ts";
import { WatchLines } from "../compute/watch-lines.ts";
import { toJson } from "../format/json-text.ts";
import type { LiveRun } from "../live/live-run.ts";
import { PAGE_RESOLUTION } from "../plot/run-plots.ts";
import { LiveRuns } from "../live/live-runs.ts";
import { runSummary } from "./summary-command.ts";

/** Flags of `lossflow watch`. */
export interface WatchOptions {
  readonly json?: boolean;
  readonly once?: boolean;
  readonly format?: FormatChoice;
  /** The port of the web page, true for any; absent where there is none. */
  readonly serve?: number | true;
}

/** Milliseconds between readings of `--json`: at most one line a metric in this time. */
const READING = 250;

/** Follows sources while they grow: JSON lines, the terminal view, or, without a terminal, plain lines. */
export async function runWatch(
  context: Context,
  sources: readonly string[],
  options: WatchOptions,
): Promise<number> {
  if (options.once === true)
    return options.json === true
      ? printOnce(context, sources, options)
      : runSummary(context, sources, options);
  if (options.serve === undefined) return follow(context, sources, options);
  const { servePage } = await import("../server/serve-page.ts");
  const followed: LiveRuns[] = [];
  const server = await servePage(context, () => followed.flatMap(({ runs }) => runs), {
    port: options.serve === true ? undefined : options.serve,
  });
  say(context, `The web page: ${server.url}`);
  try {
    return await follow(context, sources, options, (live) => followed.push(live), server.url);
  } finally {
    await server.close();
  }
}

/** Follows sources in the way that suits where the output goes; `beside` is given what is followed. */
async function follow(
  context: Context,
  sources: readonly string[],
  options: WatchOptions,
  beside?: (live: LiveRuns) => void,
  note: string = "",
): Promise<number> {
  if (options.json === true) return printLines(context, sources, options, beside);
  if (context.stdout.isTTY) {
    const { watchSources } = await import("../terminal/watch-sources.ts");
    return watchSources(context, sources, options.format, beside, note);
  }
  const { printPlainly } = await import("../cli/print-plainly.ts");
  return printPlainly(context, sources, options.format, beside);
}

async function printOnce(
  context: Context,
  sources: readonly string[],
  options: WatchOptions,
): Promise<number> {
  return readRuns(context, sources, options, ({ run, fold }) => {
    for (const line of new WatchLines(run.name, fold).take()) context.stdout.write(`${toJson(line)}\n`);
  });
}

async function printLines(
  context: Context,
  sources: readonly string[],
  options: WatchOptions,
  beside?: (live: LiveRuns) => void,
): Promise<number> {
  const live = new LiveRuns(sources, {
    copied: context.copied,
    signal: context.signal,
    format: options.format,
    plots: beside === undefined ? null : PAGE_RESOLUTION,
    tell: (sentence) => say(context, sentence),
  });
  beside?.(live);
  const lines = new Map<LiveRun, WatchLines>();
  const print = (): void => {
    for (const run of live.runs) {
      let taken = lines.get(run);
      if (taken === undefined) lines.set(run, (taken = new WatchLines(run.name, run.fold)));
      run.fold.idle(Date.now() / 1000);
      const text = taken.take().map((line) => `${toJson(line)}\n`);
      if (text.length > 0) context.stdout.write(text.join(""));
    }
  };
  const timer = setInterval(print, READING);
  try {
    await live.done;
  } finally {
    clearInterval(timer);
    print();
  }
  return EXIT.fine;
}

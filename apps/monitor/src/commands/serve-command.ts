import type { FormatChoice } from "@lossflow/logs";
import { once } from "node:events";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { say } from "../cli/say.ts";
import { stopReasonFrom } from "../cli/stop-reason.ts";
import { PAGE_RESOLUTION } from "../plot/run-plots.ts";
import { LiveRuns } from "../live/live-runs.ts";
import { servePage, type ServePlace } from "../server/serve-page.ts";

/** Flags of `lossflow serve`. */
export interface ServeOptions extends ServePlace {
  readonly format?: FormatChoice;
}

/** Serves the web page over sources, followed while they grow, until a signal; its address goes to standard output. */
export async function runServe(
  context: Context,
  sources: readonly string[],
  options: ServeOptions,
): Promise<number> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const tell = (sentence: string): void => say(context, sentence);
  const live = new LiveRuns(sources, {
    copied: context.copied,
    signal,
    format: options.format,
    plots: PAGE_RESOLUTION,
    tell,
  });
  const serve = async (): Promise<void> => {
    const server = await servePage(context, () => live.runs, options);
    context.stdout.write(`${server.url}\n`);
    if (!signal.aborted) await once(signal, "abort");
    await server.close();
  };
  // Whichever fails ends the other; when standard input has ended the page stays.
  const endBoth = (error: unknown): never => {
    stop.abort();
    throw error;
  };
  const ends = await Promise.allSettled([live.done.catch(endBoth), serve().catch(endBoth)]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return stopReasonFrom(context.signal)?.exitCode ?? EXIT.fine;
}

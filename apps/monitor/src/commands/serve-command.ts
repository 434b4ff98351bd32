import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { say } from "../cli/say.ts";
import { stopReasonFrom } from "../cli/stop-reason.ts";
import { LiveRuns } from "../live/live-runs.ts";
import { servePage } from "../server/serve-page.ts";

/** Flags of `lossflow serve`. */
export interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
  readonly format?: string;
}

/** Serves the web page over sources, followed while they grow, until a signal; its address goes to standard output. */
export async function runServe(
  context: Context,
  sources: readonly string[],
  options: ServeOptions,
): Promise<number> {
  const stop = new AbortController();
  const live = new LiveRuns(sources, {
    signal: AbortSignal.any([context.signal, stop.signal]),
    format: options.format,
    plots: true,
    tell: (sentence) => say(context, sentence),
  });
  // The page stays when standard input has ended.
  const failed = live.done.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  try {
    const server = await servePage(context, () => live.runs, options);
    context.stdout.write(`${server.url}\n`);
    const stopped = new Promise<null>((resolve) => {
      if (context.signal.aborted) resolve(null);
      context.signal.addEventListener("abort", () => resolve(null), { once: true });
    });
    const failure = (await Promise.race([stopped, failed])) ?? (await stopped);
    await server.close();
    if (failure !== null) throw (failure as { error: unknown }).error;
    return stopReasonFrom(context.signal)?.exitCode ?? EXIT.fine;
  } finally {
    stop.abort();
    await failed;
  }
}

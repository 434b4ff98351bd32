import type { Context } from "../cli/context.ts";
import { say } from "../cli/say.ts";
import { UsageError } from "../cli/usage-error.ts";
import type { LiveRun } from "../live/live-run.ts";
import type { RunPlots } from "../plot/run-plots.ts";
import { type BoardRun, RunBoard } from "../plot/run-board.ts";
import { isLoopback } from "./host-names.ts";
import { startPageServer, type PageServer } from "./page-server.ts";

/** Where to serve, as the command line says. */
export interface ServePlace {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
}

/** The port where none is asked for; where it is taken, any other. */
const PORT = 6464;

/**
 * Serves followed runs, and says on standard error when others on the network can reach the page.
 * @throws LF_USAGE where the asked port or host cannot be listened on.
 */
export async function servePage(
  context: Context,
  runs: () => readonly LiveRun[],
  place: ServePlace,
): Promise<PageServer> {
  const board = new RunBoard(() => runs().filter(isPlotted));
  const server = await start(board, place);
  if (place.host !== undefined && !isLoopback(place.host)) {
    say(
      context,
      `Listening on ${place.host}, by plain HTTP: whoever on the network has the whole address, with the key after #, can look at these runs.`,
    );
  }
  return server;
}

async function start(board: RunBoard, { port, host }: ServePlace): Promise<PageServer> {
  const at = host === undefined ? {} : { host };
  try {
    return await startPageServer(board, { port: port ?? PORT, ...at });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EADDRINUSE" && port === undefined) return startPageServer(board, { port: 0, ...at });
    if (code === "EADDRINUSE")
      throw new UsageError(`Port ${port} is taken: choose another, or 0 for any that is free.`);
    if (code === "EACCES") throw new UsageError(`Port ${port} may not be used: choose one from 1024 on.`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
      throw new UsageError(`${host} is no address of this machine: leave --host out, or give one that is.`);
    throw error;
  }
}

function isPlotted(run: LiveRun): run is LiveRun & BoardRun & { readonly plots: RunPlots } {
  return run.plots !== null;
}

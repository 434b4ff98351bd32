import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { LossflowError } from "@lossflow/core";
import { errorFromNats, isPassing } from "./nats-error.ts";

/** Milliseconds for which an operation is tried again while no server answers it. */
export const PATIENCE = 60_000;
const FIRST_WAIT = 50;
const LONGEST_WAIT = 1_000;

/**
 * Tries an operation again while servers restart, elect a leader or have a full disk: waits 50 ms, then twice as long
 * each time, up to a second.
 * @throws LF_NATS_UNAVAILABLE after `patience` milliseconds, with what failed; LF_ABORTED; at once what will not pass.
 */
export async function retrying<T>(
  what: string,
  operation: () => Promise<T>,
  signal: AbortSignal,
  patience: number = PATIENCE,
): Promise<T> {
  const end = performance.now() + patience;
  // As many operations as are under way wait on one signal.
  setMaxListeners(0, signal);
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    if (signal.aborted) throw aborted();
    try {
      return await operation();
    } catch (error) {
      if (!isPassing(error)) throw errorFromNats(error, what);
      if (performance.now() + wait > end) {
        throw new LossflowError(
          "LF_NATS_UNAVAILABLE",
          `${what} got no answer for ${Math.round(patience / 1000)} s (${error instanceof Error ? error.message : String(error)}); check that the servers run and have room.`,
          {},
          { cause: error },
        );
      }
      await sleep(wait, undefined, { signal }).catch(() => {
        throw aborted();
      });
    }
  }
}

/** What an operation ends with after its signal. */
export function aborted(): LossflowError {
  return new LossflowError("LF_ABORTED", "The job was cancelled.");
}

import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { LossflowError } from "@lossflow/core";
import { errorFromNats, isPassing, isSilence } from "./nats-error.ts";
import type { Outage } from "./outage.ts";

const FIRST_WAIT = 50;
const LONGEST_WAIT = 1_000;
/** An operation that got no answer for this long may ask a server that is cut off from its cluster. */
const SUSPECT_MS = 3_000;
/** Whoever waits for longer than this says so. */
const TELL_MS = 5_000;

/** How long a connection waits for its servers, and what it does meanwhile. */
export interface Patient {
  /** Milliseconds for which an operation is tried again while no server answers it. */
  readonly patience: number;
  readonly outage: Outage;
}

/**
 * Tries an operation again while servers restart, elect a leader, are cut off or have a full disk: waits 50 ms, then
 * twice as long each time, up to a second. From a server that is silent for three seconds the connection moves to
 * another of its cluster.
 * @throws LF_NATS_UNAVAILABLE after `patience` milliseconds, with what failed; LF_ABORTED; at once what will not pass.
 */
export async function retrying<T>(
  { patience: usual, outage }: Patient,
  what: string,
  operation: () => Promise<T>,
  signal: AbortSignal,
  patience: number = usual,
): Promise<T> {
  const began = performance.now();
  // As many operations as are under way wait on one signal.
  setMaxListeners(0, signal);
  let waits = false;
  let answered = false;
  try {
    for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      if (signal.aborted) throw aborted();
      try {
        const result = await operation();
        answered = true;
        return result;
      } catch (error) {
        if (!isPassing(error)) throw errorFromNats(error, what);
        const waited = performance.now() - began;
        const message = error instanceof Error ? error.message : String(error);
        if (waited + wait > patience) {
          throw new LossflowError(
            "LF_NATS_UNAVAILABLE",
            `${what} got no answer for ${Math.round(patience / 1000)} s (${message}); check that the servers run and have room.`,
            {},
            { cause: error },
          );
        }
        if (waited > SUSPECT_MS && isSilence(error)) outage.moveOn();
        if (waited > TELL_MS && !waits) {
          waits = true;
          outage.begin(`${what} got no answer for ${Math.round(waited / 1000)} s (${message})`);
        }
        await sleep(wait, undefined, { signal }).catch(() => {
          throw aborted();
        });
      }
    }
  } finally {
    if (waits) outage.end(answered);
  }
}

/** What an operation ends with after its signal. */
export function aborted(): LossflowError {
  return new LossflowError("LF_ABORTED", "The job was cancelled.");
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "./context.ts";
import { say } from "./say.ts";

/** Milliseconds that an answer may take, and that are waited before each further try. */
const DEADLINE = 10_000;
const PAUSES: readonly number[] = [500, 2_000];

/**
 * Posts an event as JSON to the address that the user gave, and to no other: a redirect is a failure. No answer within
 * ten seconds, no connection, 429 and 5xx are tried again, three tries in all; then the failure is told, without the
 * path of the address, which may hold a secret.
 */
export async function postAlert(context: Context, url: URL, event: string): Promise<void> {
  let failure = "";
  for (let tries = 0; tries <= PAUSES.length; tries++) {
    if (tries > 0) await sleep(PAUSES[tries - 1], undefined, { signal: context.signal });
    const outcome = await post(context, url, event);
    if (outcome === null) return;
    failure = outcome.failure;
    if (!outcome.isPassing) break;
  }
  say(context, `The webhook at ${url.host} failed: ${failure}.`);
}

/** @returns null where the event was taken; else why not, and whether that may pass. */
async function post(
  context: Context,
  url: URL,
  event: string,
): Promise<{ readonly failure: string; readonly isPassing: boolean } | null> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: event,
      redirect: "manual",
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(DEADLINE)]),
    });
    await answer.body?.cancel();
    if (answer.ok) return null;
    const { status } = answer;
    return { failure: `it answered ${status}`, isPassing: status === 429 || status >= 500 };
  } catch (error) {
    context.signal.throwIfAborted();
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    return { failure: isLate ? "no answer within 10 s" : code, isPassing: true };
  }
}

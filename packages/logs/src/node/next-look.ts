import { setTimeout as sleep } from "node:timers/promises";

/** A line is to be seen within 250 ms: from one look at its file to the end of the next one, and then to be read. */
const PROMISE = 200;
/** Looking takes at most a fifth of the time, where the promise leaves room for that. */
const REST = 4;
const SHORTEST = 20;
/** How slowly a look that took long is forgotten: where others want the processor too, looks take turns at that. */
const FADE = 0.75;

const waits = new Map<number, Promise<void>>();
let spent = 0;

/**
 * Waits about `ms` until it is time to look at files again. All who wait for the same time wake together, by one timer;
 * where their looks take long the wait is longer, but never so long that both together keep a line waiting.
 */
export function nextLook(ms: number): Promise<void> {
  let wait = waits.get(ms);
  if (wait === undefined) {
    const rest = Math.min(Math.max(ms, REST * spent), PROMISE - spent);
    wait = sleep(Math.max(Math.min(ms, SHORTEST), rest)).then(() => {
      waits.delete(ms);
      const woken = performance.now();
      setImmediate(() => (spent = Math.max(performance.now() - woken, FADE * spent)));
    });
    waits.set(ms, wait);
  }
  return wait;
}

import { setTimeout as sleep } from "node:timers/promises";

/** A line is to be seen within 250 ms, the looks at thousands of files included. */
const LONGEST = 150;
/** Looking takes at most a fifth of the time. */
const REST = 4;

const waits = new Map<number, Promise<void>>();
let spent = 0;

/**
 * Waits about `ms` until it is time to look at files again. All who wait for the same time wake together, by one timer;
 * where their looks take long, the wait is longer, up to 150 ms.
 */
export function nextLook(ms: number): Promise<void> {
  let wait = waits.get(ms);
  if (wait === undefined) {
    wait = sleep(Math.max(ms, Math.min(LONGEST, REST * spent))).then(() => {
      waits.delete(ms);
      const woken = performance.now();
      setImmediate(() => (spent = performance.now() - woken));
    });
    waits.set(ms, wait);
  }
  return wait;
}

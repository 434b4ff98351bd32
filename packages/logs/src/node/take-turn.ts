let last: Promise<void> = Promise.resolve();

/**
 * Waits for this caller's turn: of all that wait, one goes on in each round of the event loop, in the order of their
 * calls. So many files that are read at once leave timers and requests of others their share between any two chunks.
 */
export function takeTurn(): Promise<void> {
  last = last.then(async () => new Promise((resolve) => setImmediate(resolve)));
  return last;
}

/*
 * A way of adding that does not fit the data is left out for some blocks: none, 1, 3, 7, at most 31, the more often it
 * failed in a row. Two i32 in memory: the blocks still to leave out, and how many after the next failure.
 */

/** Whether this block is to be left out. */
export function isPaused(pause: usize): bool {
  const left = load<i32>(pause);
  if (left > 0) store<i32>(pause, left - 1);
  return left > 0;
}

export function noteSuccess(pause: usize): void {
  store<i32>(pause, 0, 4);
}

export function noteFailure(pause: usize): void {
  const step = load<i32>(pause, 4);
  store<i32>(pause, step);
  store<i32>(pause, min(2 * step + 1, 31), 4);
}

/** Has the next block tried again. */
export function endPause(pause: usize): void {
  store<i32>(pause, 0);
}

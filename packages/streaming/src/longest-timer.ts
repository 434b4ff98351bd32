/** Milliseconds, 24 days: a timer that is to take longer fires at once. */
export const LONGEST_TIMER: number = 2 ** 31 - 1;

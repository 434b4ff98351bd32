/** Exit codes of the command; a scheduler acts on them, so they never change their meaning. */
export const EXIT = {
  fine: 0,
  internal: 1,
  usage: 2,
  /** A warning: a spike. */
  warning: 10,
  diverged: 20,
  nonFinite: 21,
  stalled: 22,
  plateau: 23,
  limit: 24,
  /** The data is wrong: missing, empty, binary, truncated, a refused value, no metric found. */
  data: 30,
} as const;

const BY_SERIOUSNESS: readonly number[] = [
  EXIT.internal,
  EXIT.usage,
  EXIT.nonFinite,
  EXIT.diverged,
  EXIT.limit,
  EXIT.stalled,
  EXIT.plateau,
  EXIT.data,
  EXIT.warning,
];

/** Picks the most serious of several exit codes; 0 where there is none. */
export function mostSeriousExit(codes: Iterable<number>): number {
  const all = new Set(codes);
  return BY_SERIOUSNESS.find((code) => all.has(code)) ?? EXIT.fine;
}

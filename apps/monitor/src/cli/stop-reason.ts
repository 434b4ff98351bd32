/** Why a command was asked to end, and the exit code that says so. */
export interface StopReason {
  /** A signal, standard output closed by its reader, or an output that takes no more (a full disk). */
  readonly kind: "signal" | "closed" | "unwritable";
  readonly exitCode: number;
}

/** Signals that ask a command to end: 128 + the signal's number, as shells report it. */
export const STOP_SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
];

/** Gives the reason of an aborted signal, null while it has not been aborted. */
export function stopReasonFrom(signal: AbortSignal): StopReason | null {
  return signal.aborted ? (signal.reason as StopReason) : null;
}

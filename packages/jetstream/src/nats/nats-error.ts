import { isLossflowError, LossflowError } from "@lossflow/core";
import { JetStreamApiError } from "@nats-io/jetstream";

/** JetStream's own numbers for what a compare-and-set finds. */
const WRONG_LAST_SEQUENCE = [10071, 10164];
/** A subject holds its one message already. */
const SUBJECT_FULL = 10077;

/** Whether a value was replaced by another since it was read, or made where it should not be there yet. */
export function isStale(error: unknown): boolean {
  return error instanceof JetStreamApiError && WRONG_LAST_SEQUENCE.includes(error.code);
}

/** Whether a message was refused since its subject, which takes one, has it: somebody else was first. */
export function isSubjectFull(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError && error.code === SUBJECT_FULL && error.message.includes("per subject")
  );
}

/**
 * What asking again will not change. That nobody answers for JetStream is not of these: a cluster without a leader says it
 * too, and a server without JetStream is refused when it is connected to.
 */
const LASTING = new Set([
  "AuthorizationError",
  "UserAuthenticationExpiredError",
  "PermissionViolationError",
  "InvalidSubjectError",
  "InvalidArgumentError",
  "ClosedConnectionError",
]);

/** Numbers of JetStream that say the same: no such stream or consumer, wrong configuration, replicas without a cluster. */
const LASTING_CODES = new Set([10058, 10059, 10014, 10025, 10052, 10065, 10074]);

/** Whether an operation may well succeed when it is tried again: a lost answer, no leader, no room for now. */
export function isPassing(error: unknown): boolean {
  if (isLossflowError(error) || isStale(error) || isSubjectFull(error)) return false;
  if (error instanceof JetStreamApiError) return !LASTING_CODES.has(error.code);
  return error instanceof Error && !LASTING.has(error.name);
}

/** JetStream's number for a cluster that has no leader just now. */
const NO_LEADER = 10008;

/** Whether nobody answered for JetStream, rather than answered that it cannot be done just now. */
export function isSilence(error: unknown): boolean {
  return !(error instanceof JetStreamApiError) || error.code === NO_LEADER;
}

/** Says what a server refused. */
export function errorFromNats(error: unknown, what: string): unknown {
  if (isLossflowError(error) || isStale(error) || isSubjectFull(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new LossflowError("LF_NATS_REFUSED", `${what} was refused: ${message}.`, {}, { cause: error });
}

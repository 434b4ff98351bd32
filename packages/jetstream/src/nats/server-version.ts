import { LossflowError } from "@lossflow/core";

/** The first version of nats-server that can be told to acknowledge only what is on disk, and keeps streams over kills. */
const OLDEST = [2, 10, 27] as const;

/** @throws LF_SERVER_TOO_OLD with what to do */
export function checkServerVersion(version: string): void {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  const oldEnough = parts !== undefined && compare(parts, OLDEST) >= 0;
  if (oldEnough) return;
  throw new LossflowError(
    "LF_SERVER_TOO_OLD",
    `This nats-server is ${version}; Lossflow needs ${OLDEST.join(".")} or later, since older ones lose acknowledged messages: update it.`,
    { expected: OLDEST.join("."), got: version },
  );
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at === -1 ? 0 : a[at]! - b[at]!;
}

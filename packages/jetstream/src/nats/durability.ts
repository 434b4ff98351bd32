import type { Nats } from "./connect.ts";

const ANSWER = 500;

/**
 * Asks the server whether it acknowledges only what is on disk. The question needs the rights of the system account, so
 * most servers say nothing.
 * @returns a sentence of warning, or null where the server says that all is well or says nothing
 */
export async function computeDurabilityWarning({ connection }: Nats): Promise<string | null> {
  const answer = await connection
    .request("$SYS.REQ.SERVER.PING.VARZ", "{}", { timeout: ANSWER })
    .catch(() => undefined);
  if (answer === undefined) return null;
  const told = answer.json<ServerVariables>().data?.jetstream?.config;
  if (told === undefined || told.sync_always === true) return null;
  const every = told.sync_interval === undefined ? "now and then" : `every ${told.sync_interval / 1e9} s`;
  return `This nats-server writes to disk ${every}, after it has acknowledged: a power cut can lose acknowledged chunks. Set sync_interval: always in its jetstream block.`;
}

/** What a server tells of itself; durations in nanoseconds. */
interface ServerVariables {
  readonly data?: {
    readonly jetstream?: {
      readonly config?: { readonly sync_interval?: number; readonly sync_always?: boolean };
    };
  };
}

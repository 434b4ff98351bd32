import type { Nats } from "./connect.ts";

/** Milliseconds within which all servers of a cluster answer. Where nobody may be asked it takes none of them. */
const ANSWER = 300;

/**
 * Asks the servers whether they acknowledge only what is on disk. Only the system account may ask, unless it exports the
 * question to the account of whoever connects; else nobody answers.
 * @returns a sentence of warning, or null where the servers say that all is well or say nothing
 */
export async function computeDurabilityWarning({ connection }: Nats): Promise<string | null> {
  try {
    for await (const answer of await connection.requestMany(QUESTION, "{}", { maxWait: ANSWER })) {
      const told = answer.json<ServerVariables>().data?.jetstream?.config;
      if (told === undefined || told.sync_always === true) continue;
      const every = told.sync_interval === undefined ? "now and then" : `every ${told.sync_interval / 1e9} s`;
      return `This nats-server writes to disk ${every}, after it has acknowledged: a power cut can lose acknowledged chunks. Set sync_interval: always in its jetstream block.`;
    }
  } catch {
    // Nobody may be asked.
  }
  return null;
}

const QUESTION = "$SYS.REQ.SERVER.PING.VARZ";

/** What a server tells of itself; durations in nanoseconds. */
interface ServerVariables {
  readonly data?: {
    readonly jetstream?: {
      readonly config?: { readonly sync_interval?: number; readonly sync_always?: boolean };
    };
  };
}

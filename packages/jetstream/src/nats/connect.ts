import { LossflowError } from "@lossflow/core";
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { connectionOptions, withoutSecret, type NatsOptions } from "./nats-options.ts";
import { checkServerVersion } from "./server-version.ts";

/** A request that no server answers in this many milliseconds is tried again. */
const ANSWER = 2_000;

/** An open connection with its JetStream. It belongs to whoever opened it. */
export interface Nats extends AsyncDisposable {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  close(): Promise<void>;
}

/**
 * Connects to the servers named, and to no others unless these name them as their cluster.
 * @throws LF_NATS_UNREACHABLE, LF_NATS_REFUSED (credentials, no JetStream), LF_SERVER_TOO_OLD, LF_BAD_OPTION
 */
export async function connectNats(options: NatsOptions): Promise<Nats> {
  const shown = withoutSecret(options.servers);
  let connection: NatsConnection;
  try {
    connection = await connect(connectionOptions(options));
  } catch (cause) {
    throw refusalOf(cause, shown);
  }
  try {
    checkServerVersion(connection.info?.version ?? "unknown");
    if (connection.info?.jetstream !== true) {
      throw new LossflowError(
        "LF_NATS_REFUSED",
        `The nats-server at ${shown} has no JetStream; start it with --jetstream and a store directory.`,
      );
    }
    const manager = await jetstreamManager(connection, { timeout: ANSWER, checkAPI: false });
    const close = async (): Promise<void> => {
      if (!connection.isClosed()) await connection.close();
    };
    return {
      connection,
      jetstream: jetstream(connection, { timeout: ANSWER }),
      manager,
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function refusalOf(cause: unknown, shown: string): LossflowError {
  const name = cause instanceof Error ? cause.name : "";
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof LossflowError) return cause;
  if (name === "AuthorizationError" || name === "UserAuthenticationExpiredError") {
    return new LossflowError(
      "LF_NATS_REFUSED",
      `${shown} does not accept these credentials; check user, password, token or --creds.`,
      {},
      { cause },
    );
  }
  return new LossflowError(
    "LF_NATS_UNREACHABLE",
    `No nats-server answers at ${shown} (${message}); check the address, and that it runs.`,
    {},
    { cause },
  );
}

import { isLossflowError, LossflowError } from "@lossflow/core";
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { MessageMemory } from "./message-memory.ts";
import { Outage } from "./outage.ts";
import { connectionOptions, withoutSecret, type NatsOptions } from "./nats-options.ts";
import type { Patient } from "./retrying.ts";
import { checkServerVersion } from "./server-version.ts";
import { connectWhole, SilentEnd } from "./whole-messages.ts";

/** A request that no server answers in this many milliseconds is tried again. */
const ANSWER = 2_000;
const PATIENCE = 60_000;

/** An open connection with its JetStream. It belongs to whoever opened it. */
export interface Nats extends AsyncDisposable, Patient {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly memory: MessageMemory;
  close(): Promise<void>;
}

/**
 * Connects to the servers named, and to no others unless these name them as their cluster.
 * @throws LF_NATS_UNREACHABLE, LF_NATS_REFUSED (credentials, no JetStream), LF_SERVER_TOO_OLD, LF_BAD_OPTION
 */
export async function connectNats(options: NatsOptions): Promise<Nats> {
  const shown = withoutSecret(options.servers);
  const memory = new MessageMemory();
  let connection: NatsConnection;
  try {
    connection = await connectWhole(connectionOptions(options), memory);
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
    const outage = new Outage(connection, options.tell ?? (() => undefined));
    void outage.attend();
    const close = async (): Promise<void> => {
      if (!connection.isClosed()) await connection.close();
    };
    return {
      connection,
      jetstream: jetstream(connection, { timeout: ANSWER }),
      manager,
      patience: options.patience ?? PATIENCE,
      outage,
      memory,
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function refusalOf(cause: unknown, shown: string): LossflowError {
  if (isLossflowError(cause)) return cause;
  const name = cause instanceof Error ? cause.name : "";
  const message = cause instanceof Error ? cause.message : String(cause);
  const refused = (sentence: string): LossflowError =>
    new LossflowError("LF_NATS_REFUSED", sentence, {}, { cause });
  if (name === "AuthorizationError" || name === "UserAuthenticationExpiredError") {
    return refused(`${shown} does not accept these credentials; check user, password, token or creds.`);
  }
  if (CERTIFICATE.test(codeOf(cause))) {
    return refused(
      `The certificate of ${shown} is not trusted (${message}); name the certificates of its authority with ?ca=FILE, and the server as its certificate does.`,
    );
  }
  if (cause instanceof SilentEnd) {
    return refused(
      `${shown} ended the connection before it answered; where it asks clients for a certificate, name one that it takes with ?cert=FILE&key=FILE.`,
    );
  }
  if (/tls.*not available|does not support 'tls'/.test(message)) {
    return refused(`${shown} has no TLS; leave tls:// and certificates out, or set it up there.`);
  }
  // Of several servers that miss a client's certificate none says so.
  const certificate = shown.startsWith("tls:")
    ? " and whether it asks for a certificate of this client's (?cert=FILE&key=FILE)"
    : "";
  return new LossflowError(
    "LF_NATS_UNREACHABLE",
    `No nats-server answers at ${shown} (${message}); check the address${certificate === "" ? ", and" : ","} that it runs${certificate}.`,
    {},
    { cause },
  );
}

/** What Node says of a server's certificate that it does not take. */
const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT_)/;

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error ? String(error.code) : codeOf(error.cause);
}

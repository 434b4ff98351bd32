import { readFileSync } from "node:fs";
import { LossflowError } from "@lossflow/core";
import { credsAuthenticator, type ConnectionOptions } from "@nats-io/transport-node";

/** Where the servers are, and who asks. */
export interface NatsOptions {
  /**
   * Servers of one cluster, parted by commas: `nats://127.0.0.1:4222`, `tls://a:4222,tls://b:4222`. A user and password,
   * or a token, may stand in the first: `nats://user:password@host`, `nats://token@host`. Nothing is connected to that is
   * not named here.
   */
  readonly servers: string;
  /** Path of a .creds file (JWT and seed). */
  readonly creds?: string | undefined;
  /** Path of the certificates that are trusted, where the system's are not enough. */
  readonly tlsCa?: string | undefined;
  /** Paths of a client's certificate and key. */
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  /** Shown in the server's list of connections. Default "lossflow". */
  readonly name?: string | undefined;
}

const DEFAULT_PORT = 4222;

/** Turns the options into those of the client. @throws LF_BAD_OPTION, LF_UNREADABLE for the .creds file */
export function connectionOptions(options: NatsOptions): ConnectionOptions {
  const urls = options.servers.split(",").map((text) => urlOf(text.trim()));
  const { username, password } = urls[0]!;
  const user = decodeURIComponent(username);
  const secure =
    urls.some(({ protocol }) => protocol === "tls:") ||
    options.tlsCa !== undefined ||
    options.tlsCert !== undefined;
  return {
    servers: urls.map((url) => `${url.hostname}:${url.port === "" ? DEFAULT_PORT : url.port}`),
    name: options.name ?? "lossflow",
    ...(username === ""
      ? {}
      : password === ""
        ? { token: user }
        : { user, pass: decodeURIComponent(password) }),
    ...(options.creds === undefined ? {} : { authenticator: credsAuthenticator(readCreds(options.creds)) }),
    ...(secure
      ? {
          tls: {
            ...(options.tlsCa === undefined ? {} : { caFile: options.tlsCa }),
            ...(options.tlsCert === undefined ? {} : { certFile: options.tlsCert }),
            ...(options.tlsKey === undefined ? {} : { keyFile: options.tlsKey }),
          },
        }
      : {}),
    // A server that restarts is waited for: what is in flight is tried again until its own patience ends.
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 100,
    pingInterval: 5_000,
    maxPingOut: 2,
  };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) && text.includes("://") ? new URL(text) : undefined;
  if (url === undefined || !["nats:", "tls:"].includes(url.protocol) || url.hostname === "") {
    throw new LossflowError(
      "LF_BAD_OPTION",
      `${JSON.stringify(withoutSecret(text))} is no address of a NATS server; give one such as nats://127.0.0.1:4222.`,
    );
  }
  return url;
}

/** An address as it may be shown: without user, password and token. */
export function withoutSecret(text: string): string {
  return text.replaceAll(/\/\/[^/@,]*@/g, "//");
}

function readCreds(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new LossflowError(
      "LF_UNREADABLE",
      `The credentials ${path} cannot be read; check the path and its permissions.`,
      { path },
      { cause },
    );
  }
}

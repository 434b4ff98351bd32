import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { LossflowError } from "@lossflow/core";
import {
  credsAuthenticator,
  nkeyAuthenticator,
  type Authenticator,
  type ConnectionOptions,
} from "@nats-io/transport-node";

/** Where the servers are, and who asks. */
export interface NatsOptions {
  /**
   * Servers of one cluster, parted by commas: `nats://127.0.0.1:4222`, `tls://a:4222,tls://b:4222`. A user and password,
   * or a token, may stand in the first: `nats://user:password@host`, `nats://token@host`. Nothing is connected to that is
   * not named here.
   */
  readonly servers: string;
  /** Path of a .creds file (JWT and seed), or of the seed of an NKey alone. */
  readonly creds?: string | undefined;
  /** Path of the certificates that are trusted, where the system's are not enough. */
  readonly tlsCa?: string | undefined;
  /** Paths of a client's certificate and key. */
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  /** Shown in the server's list of connections. Default "lossflow". */
  readonly name?: string | undefined;
  /** Milliseconds for which servers that do not answer are waited for, once they have been reached. Default 60,000. */
  readonly patience?: number | undefined;
  /** Told when they do not answer for some seconds, and when they answer again, a sentence each. */
  readonly tell?: ((sentence: string) => void) | undefined;
}

const DEFAULT_PORT = 4222;

/** What the client hands on to Node's TLS, though its types do not say so. */
interface TlsIdentity {
  checkServerIdentity?(host: string, certificate: PeerCertificate): Error | undefined;
}

/** Turns the options into those of the client. @throws LF_BAD_OPTION; LF_UNREADABLE for a file that it names */
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
    ...(options.creds === undefined ? {} : { authenticator: authenticatorFrom(options.creds) }),
    ...(secure
      ? {
          tls: {
            ...identityOf(urls),
            ...(options.tlsCa === undefined ? {} : { caFile: readable(options.tlsCa, "certificates") }),
            ...(options.tlsCert === undefined ? {} : { certFile: readable(options.tlsCert, "certificate") }),
            ...(options.tlsKey === undefined ? {} : { keyFile: readable(options.tlsKey, "key") }),
          },
        }
      : {}),
    // A server that restarts is waited for: what is in flight is tried again until its own patience ends.
    maxReconnectAttempts: -1,
    // Of an attempt to connect: a server that is cut off does not even refuse.
    timeout: 5_000,
    reconnectTimeWait: 200,
    reconnectJitter: 100,
    // A cut cable is noticed within six seconds.
    pingInterval: 2_000,
    maxPingOut: 2,
  };
}

/**
 * The client knows a server by its name alone, and takes one that is named by its address for "localhost". Then the
 * certificate must be that of an address given here.
 */
function identityOf(urls: readonly URL[]): TlsIdentity {
  const addresses = urls
    .map(({ hostname }) => hostname.replace(/^\[(.*)\]$/, "$1"))
    .filter((name) => isIP(name) > 0);
  if (addresses.length === 0) return {};
  return {
    checkServerIdentity(host: string, certificate: PeerCertificate): Error | undefined {
      const names = host === "localhost" ? addresses : [host];
      const errors = names.map((name) => checkServerIdentity(name, certificate));
      return errors.includes(undefined) ? undefined : errors[0];
    },
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

function authenticatorFrom(path: string): Authenticator {
  const bytes = readFile(path, "credentials");
  const text = bytes.toString();
  if (/BEGIN NATS USER JWT/.test(text) && /BEGIN USER NKEY SEED/.test(text)) return credsAuthenticator(bytes);
  const seed = /^\s*(SU[A-Z2-7]{56})\s*$/.exec(text)?.[1];
  if (seed !== undefined) return nkeyAuthenticator(new TextEncoder().encode(seed));
  throw new LossflowError(
    "LF_BAD_OPTION",
    `The credentials ${path} hold neither a JWT and a seed nor the seed of an NKey alone; give the .creds file that was made for this user.`,
    { path },
  );
}

/** The client reads these itself, and says less of what is wrong. */
function readable(path: string, what: string): string {
  readFile(path, what);
  return path;
}

function readFile(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new LossflowError(
      "LF_UNREADABLE",
      `The ${what} ${path} cannot be read; check the path and its permissions.`,
      { path },
      { cause },
    );
  }
}

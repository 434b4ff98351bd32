import { LossflowError } from "@lossflow/core";
import type { NatsOptions } from "./nats-options.ts";

/** Servers, and a run whose logs are published there. */
export interface NatsAddress extends NatsOptions {
  /** Of `nats://host/run`; undefined where the address names none: all runs. */
  readonly run?: string | undefined;
}

const QUERY = ["creds", "ca", "cert", "key"] as const;

/** Whether a text is the address of a NATS server rather than a file. */
export function isNatsAddress(text: string): boolean {
  return /^(?:nats|tls):\/\//.test(text);
}

/**
 * Reads an address as it is given on a command line: servers of one cluster parted by commas, behind the last a run and
 * the paths of credentials and certificates: `tls://a:4222,tls://b:4222/run?creds=FILE&ca=FILE&cert=FILE&key=FILE`.
 * @throws LF_BAD_OPTION
 */
export function natsAddressFromText(text: string): NatsAddress {
  const [address = "", query = ""] = text.split("?", 2);
  const match = /^([^/]+:\/\/[^/]+)(?:\/(.*))?$/.exec(
    address.replaceAll(/,\s*/g, ",").replaceAll(/,[a-z]+:\/\//g, ","),
  );
  const parameters = new URLSearchParams(query);
  const unknown = [...parameters.keys()].find((name) => !(QUERY as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new LossflowError(
      "LF_BAD_OPTION",
      `${JSON.stringify(unknown)} is nothing that the address of a NATS server takes; there are ${QUERY.join(", ")}.`,
    );
  }
  const scheme = /^[a-z]+:\/\//.exec(address)?.[0] ?? "";
  const servers = (match?.[1] ?? address).slice(scheme.length).split(",");
  const of = (name: string): string | undefined => parameters.get(name) ?? undefined;
  return {
    servers: servers.map((server) => scheme + server).join(","),
    run: match?.[2] === undefined || match[2] === "" ? undefined : decodeURIComponent(match[2]),
    creds: of("creds"),
    tlsCa: of("ca"),
    tlsCert: of("cert"),
    tlsKey: of("key"),
  };
}

import { LossflowError } from "@lossflow/core";
import { formatGiven } from "../job/format-given.ts";
import { badOption, unknownNameIn } from "../job/options.ts";
import { LONGEST_TIMER } from "../longest-timer.ts";
import { openTable } from "./open-table.ts";
import { httpBytes } from "./http-bytes.ts";
import { firstAnswer } from "./http-requests.ts";
import type { TableSource } from "./table-source.ts";

/** How a file on a server is read. */
export interface HttpOptions {
  /**
   * Milliseconds without a byte after which a request counts as broken: it is asked for again, four times, but for the body
   * of a server without ranges. Default 15,000. Infinity is never.
   */
  readonly patience?: number | undefined;
}

const PATIENCE = 15_000;

/**
 * Makes a source of a file on a server. Where the server gives ranges only what is needed is asked for, 2 MiB at a time
 * and one ahead; else the file is read as the stream that it is. What fails for the moment (429, 5xx, a connection that
 * breaks or is silent) is asked for again, four times with growing pauses. A user and a password in the address are told to
 * the server, and shown nowhere.
 * @throws LF_BAD_OPTION where the address or an option is none; on opening and reading LF_NOT_FOUND, LF_HTTP;
 *   LF_SOURCE_CHANGED where the file is not the one it was at first, by its length and what the server says of its version.
 */
export function httpSource(url: string | URL, options?: HttpOptions | null): TableSource {
  const patience = patienceOf(options ?? {});
  const given = addressOf(url);
  const address = new URL(given);
  address.username = "";
  address.password = "";
  const name = address.href;
  const request = { url: address, authorization: authorizationOf(given), name, patience };
  return {
    name,
    open: async (signal = never()) => openTable(await httpBytes({ ...request, signal })),
    async print() {
      const ending = new AbortController();
      const asked = { ...request, signal: ending.signal };
      // Refused or not, what is left of the answer is not waited for: it would keep the process alive.
      const { size, version } = await firstAnswer(asked).finally(() => ending.abort());
      if (size === undefined || version === null) {
        throw new LossflowError(
          "LF_BAD_OPTION",
          `${name} comes without ranges or a version, so that it cannot be known again for a checkpoint; leave the checkpoint out, or download the file first.`,
          { path: name },
        );
      }
      return { bytes: size, digest: version };
    },
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function patienceOf(options: HttpOptions): number {
  if (typeof options !== "object")
    throw badOption(
      `what was given of a source on a server, ${formatGiven(options)}, is no object; leave it out.`,
    );
  const unknown = unknownNameIn(options, ["patience"]);
  if (unknown !== undefined) throw badOption(`of a source on a server ${unknown}`);
  const { patience = PATIENCE } = options;
  if (!(typeof patience === "number" && patience > 0))
    throw badOption(`patience is ${formatGiven(patience)}; give milliseconds above 0.`);
  return Math.min(patience, LONGEST_TIMER);
}

function addressOf(url: string | URL): URL {
  try {
    const address = new URL(url);
    if (address.protocol === "http:" || address.protocol === "https:") return address;
  } catch {
    // It is refused below.
  }
  // The end of a secret may lie beyond what is shown.
  const given = formatGiven(typeof url === "string" || url instanceof URL ? withoutSecret(String(url)) : url);
  throw new LossflowError(
    "LF_BAD_OPTION",
    `${given} is no address of http or https; give one such as https://host/table.parquet.`,
  );
}

/** Says who asks, where an address has a user or a password (RFC 7617); null where it has none. */
function authorizationOf({ username, password }: URL): string | null {
  if (username + password === "") return null;
  const bytes = `${username}:${password}`.replaceAll(/%([\da-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return `Basic ${btoa(bytes)}`;
}

/** What is no address as it may be shown: a secret in it may hold "@" and "/", which addresses write otherwise. */
function withoutSecret(text: string): string {
  return text.replace(/\/\/[^/]*(?::.*)?@/s, "//");
}

import { LossflowError } from "@lossflow/core";
import { openTable } from "./open-table.ts";
import { httpBytes } from "./http-bytes.ts";
import { firstAnswer } from "./http-requests.ts";
import type { TableSource } from "./table-source.ts";

/**
 * Makes a source of a file on a server. Where the server gives ranges only what is needed is asked for, 2 MiB at a time
 * and one ahead; else the file is read as the stream that it is. What fails for the moment (429, 5xx, a connection that
 * breaks) is asked for again, four times with growing pauses.
 * @throws on opening and reading LF_NOT_FOUND, LF_HTTP; LF_SOURCE_CHANGED where the file is not the one it was at first,
 *   by its length and what the server says of its version.
 */
export function httpSource(url: string | URL): TableSource {
  const address = addressOf(url);
  const { href, username } = address;
  const name = username === "" ? href : href.replace(/\/\/[^@/]*@/, "//");
  return {
    name,
    open: async () => openTable(await httpBytes(address, name)),
    async print() {
      const { size, version, response } = await firstAnswer(address, name);
      await response.body?.cancel();
      if (size === undefined || version === null) {
        throw new LossflowError(
          "LF_BAD_OPTION",
          `${name} comes without ranges or a version, so that it cannot be known again for a checkpoint.`,
          { path: name },
        );
      }
      return { bytes: size, digest: version };
    },
  };
}

function addressOf(url: string | URL): URL {
  try {
    const address = new URL(url);
    if (address.protocol === "http:" || address.protocol === "https:") return address;
  } catch {
    // It is refused below.
  }
  throw new LossflowError("LF_BAD_OPTION", `${String(url)} is no address of http or https.`);
}

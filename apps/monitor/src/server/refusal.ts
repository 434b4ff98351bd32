import type { IncomingMessage } from "node:http";

/** Why a request is not answered: a status and one sentence. */
export interface Refusal {
  readonly status: 400 | 403 | 405 | 421;
  readonly sentence: string;
}

/**
 * Judges where a request comes from, before anything else is looked at; null where nothing speaks against it.
 *
 * `hosts` are the names, each with its port, that this server answers to. A page elsewhere that has a name of its own
 * point here (DNS rebinding) names itself in Host; one that asks across origins names itself in Origin or in
 * Sec-Fetch-Site. Listening on loopback alone would stop neither.
 */
export function refusalOf(request: IncomingMessage, hosts: ReadonlySet<string>): Refusal | null {
  const { headers, method, url = "" } = request;
  const named = request.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === "host").length;
  if (named !== 1 || !hosts.has((headers.host ?? "").toLowerCase())) {
    return {
      status: 421,
      sentence: "This server answers to the address that lossflow printed, and to no other.",
    };
  }
  const { origin } = headers;
  if (origin !== undefined && !isOwnOrigin(origin, hosts)) {
    return { status: 403, sentence: "Requests from other pages are refused." };
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return { status: 403, sentence: "Requests from other sites are refused." };
  }
  if (method !== "GET")
    return { status: 405, sentence: "Only GET is answered: nothing here can be changed." };
  if (!/^\/(?!\/)[!$-[\]-~]*$/.test(url)) {
    return { status: 400, sentence: "The target of the request is not a path of this server." };
  }
  return null;
}

function isOwnOrigin(origin: string, hosts: ReadonlySet<string>): boolean {
  const lower = origin.toLowerCase();
  return lower.startsWith("http://") && hosts.has(lower.slice("http://".length));
}

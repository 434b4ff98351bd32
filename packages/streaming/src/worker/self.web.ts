import type { Endpoint } from "comlink";

/** The worker's own end of the channel, in a Web Worker. */
export function selfEndpoint(): Endpoint {
  return globalThis as unknown as Endpoint;
}

import { parentPort } from "node:worker_threads";
import type { Endpoint } from "comlink";

/** The worker's own end of the channel, in worker_threads. */
export function selfEndpoint(): Endpoint {
  const port = parentPort;
  if (port === null) throw new Error("worker.js runs in a worker only.");
  const heard = new Map<unknown, (data: unknown) => void>();
  return {
    postMessage: (message: unknown, transfer?: Transferable[]) =>
      port.postMessage(message, transfer as ArrayBuffer[]),
    addEventListener(_type, listener) {
      const hear = (data: unknown): void => {
        const event = { data } as MessageEvent;
        if (typeof listener === "function") listener(event);
        else listener.handleEvent(event);
      };
      heard.set(listener, hear);
      port.on("message", hear);
    },
    removeEventListener(_type, listener) {
      const hear = heard.get(listener);
      if (hear !== undefined) port.off("message", hear);
      heard.delete(listener);
    },
  };
}

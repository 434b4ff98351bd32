import workerUrl from "./drop-worker.ts?worker&url";
import type { Update } from "../../../src/plot/run-state.ts";
import type { SeriesWindow } from "../../../src/plot/series-window.ts";
import { windowsFromBytes } from "../../../src/plot/window-bytes.ts";
import type { WindowRequest } from "../../../src/plot/window-request.ts";
import type { Backend } from "./backend.ts";
import { addBackend } from "./backends.ts";
import type { DropReply, DropRequest } from "./drop-messages.ts";

/** Looks at files dropped on the page: a worker reads them with the readers that the command has. */
class DropBackend implements Backend {
  readonly prefix = "d";
  readonly #worker: Worker = new Worker(trusted(workerUrl), { type: "module" });
  readonly #asked: Map<number, (reply: DropReply) => void> = new Map();
  #next = 0;

  start(take: (update: Update) => void): void {
    this.#worker.onmessage = ({ data }: MessageEvent<DropReply>) => {
      if (data.kind === "update") return take(data.update);
      this.#asked.get(data.id)?.(data);
      this.#asked.delete(data.id);
    };
    this.#worker.onerror = () => {
      for (const [id, settle] of this.#asked)
        settle({
          kind: "refused",
          id,
          sentence: "The dropped file could not be read: its reader has failed.",
        });
      this.#asked.clear();
    };
  }

  read(file: File): void {
    this.#post({ kind: "read", file });
  }

  async windows(request: WindowRequest): Promise<readonly SeriesWindow[]> {
    const id = this.#next++;
    const reply = await new Promise<DropReply>((settle) => {
      this.#asked.set(id, settle);
      this.#post({ kind: "windows", id, request });
    });
    if (reply.kind !== "windows") throw new Error(reply.kind === "refused" ? reply.sentence : "");
    return windowsFromBytes(reply.bytes);
  }

  #post(request: DropRequest): void {
    this.#worker.postMessage(request);
  }
}

let backend: DropBackend | null = null;

/** Reads dropped files; the worker is started with the first. */
export function dropFiles(files: readonly File[]): void {
  if (files.length === 0) return;
  if (backend === null) addBackend((backend = new DropBackend()));
  for (const file of files) backend.read(file);
}

/** The one address of a script that this page makes up: its own worker's. */
function trusted(url: string): string {
  const policies = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  return policies === undefined
    ? url
    : (policies
        .createPolicy("lossflow-worker", { createScriptURL: () => url })
        .createScriptURL("") as unknown as string);
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(text: string): object };
}

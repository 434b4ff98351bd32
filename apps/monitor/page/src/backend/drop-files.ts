import workerUrl from "./drop-worker.ts?worker&url";
import type { Update } from "../../../src/plot/run-state.ts";
import type { SeriesWindow } from "../../../src/plot/series-window.ts";
import { windowsFromBytes } from "../../../src/plot/window-bytes.ts";
import type { WindowRequest } from "../../../src/plot/window-request.ts";
import { createValue, type Value } from "../state/value.ts";
import type { Backend } from "./backend.ts";
import { addBackend } from "./backends.ts";
import type { DroppedTable, DropReply, DropRequest, TableFigures, TableJob } from "./drop-messages.ts";
import { trustedWorker } from "./trusted-scripts.ts";

/** Looks at files dropped on the page: a worker reads them with the readers that the command has. */
class DropBackend implements Backend {
  readonly prefix = "d";
  readonly #worker: Worker = new Worker(trustedWorker(workerUrl), { type: "module" });
  readonly #asked: Map<number, (reply: DropReply) => void> = new Map();
  #next = 0;

  start(take: (update: Update) => void): void {
    this.#worker.onmessage = ({ data }: MessageEvent<DropReply>) => {
      if (data.kind === "update") return take(data.update);
      if (data.kind === "table") return droppedTable.set({ table: data.table, figures: null, failure: null });
      if (data.kind === "figures") return takeFigures(data.table, data.figures);
      if (data.kind === "failed") return takeFailure(data.table, data.sentence);
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
      takeFailure(null, "The reader of dropped files has failed; load the page again.");
    };
  }

  read(file: File): void {
    this.#post({ kind: "read", file });
  }

  evaluate(table: number, job: TableJob): void {
    this.#post({ kind: "evaluate", table, job });
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
  dropFailure.set(null);
  if (backend === null) addBackend((backend = new DropBackend()));
  for (const file of files) backend.read(file);
}

/** A dropped table that a person is asked about, with the figures so far. */
export interface TableView {
  readonly table: DroppedTable;
  readonly figures: TableFigures | null;
  readonly failure: string | null;
}

/** The latest dropped table, null where there is none or it was put away. */
export const droppedTable: Value<TableView | null> = createValue<TableView | null>(null);
/** Why the latest dropped file could not be read, null where it could. */
export const dropFailure: Value<string | null> = createValue<string | null>(null);

/** Evaluates a loss over the dropped table. */
export function evaluateDropped(job: TableJob): void {
  const view = droppedTable.get();
  if (view === null) return;
  droppedTable.set({ ...view, figures: null, failure: null });
  backend?.evaluate(view.table.table, job);
}

function takeFigures(table: number, figures: TableFigures): void {
  const view = droppedTable.get();
  if (view?.table.table === table) droppedTable.set({ ...view, figures });
}

function takeFailure(table: number | null, sentence: string): void {
  const view = droppedTable.get();
  if (table !== null && view?.table.table === table) droppedTable.set({ ...view, failure: sentence });
  else dropFailure.set(sentence);
}

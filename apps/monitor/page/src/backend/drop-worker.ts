import { isLossflowError } from "@lossflow/core";
import { type LogReader, openReader } from "@lossflow/logs";
import { RunFold } from "../../../src/compute/run-fold.ts";
import { BoardReader } from "../../../src/plot/board-reader.ts";
import { type BoardRun, RunBoard } from "../../../src/plot/run-board.ts";
import { RunPlots } from "../../../src/plot/run-plots.ts";
import { bytesFromWindows } from "../../../src/plot/window-bytes.ts";
import type { DropReply, DropRequest } from "./drop-messages.ts";

/** Milliseconds between updates while a file is read. */
const TICK = 200;

/** A dropped file and how far it has been read. */
class DroppedRun implements BoardRun {
  readonly name: string;
  readonly source: string;
  readonly plots: RunPlots = new RunPlots();
  readonly fold: RunFold = new RunFold({ also: this.plots });
  readonly lastByte: number | null;
  readonly reader: LogReader;
  state: BoardRun["state"] = "following";

  constructor(file: File) {
    this.name = this.source = file.name;
    this.lastByte = file.lastModified;
    this.reader = openReader({ name: file.name, sink: this.fold });
  }

  get format(): string | null {
    return this.reader.format;
  }

  get lines(): LogReader["lines"] {
    return this.reader.lines;
  }
}

const dropped: DroppedRun[] = [];
const board = new RunBoard(() => dropped, "d");
const news = new BoardReader(board);

addEventListener("message", ({ data }: MessageEvent<DropRequest>) => {
  if (data.kind === "windows") answer(data);
  else void read(data.file);
});

function answer({ id, request }: DropRequest & { kind: "windows" }): void {
  try {
    const { buffer } = bytesFromWindows(board.windows(request));
    reply({ kind: "windows", id, bytes: buffer }, [buffer]);
  } catch (error) {
    if (!isLossflowError(error)) throw error;
    reply({ kind: "refused", id, sentence: error.message });
  }
}

async function read(file: File): Promise<void> {
  const run = new DroppedRun(file);
  dropped.push(run);
  let next = performance.now() + TICK;
  const chunks = file.stream().getReader();
  for (;;) {
    const { done, value } = await chunks.read();
    if (done) break;
    run.reader.write(value);
    if (performance.now() < next) continue;
    tell();
    next = performance.now() + TICK;
  }
  run.reader.end();
  run.state = "ended";
  tell();
}

function tell(): void {
  const update = news.take(Date.now());
  if (update !== null) reply({ kind: "update", update });
}

function reply(message: DropReply, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

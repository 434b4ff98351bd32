import { type LogReader, openReader } from "@lossflow/logs";
import { RunFold } from "../../../src/compute/run-fold.ts";
import type { BoardRun } from "../../../src/plot/run-board.ts";
import { RunPlots } from "../../../src/plot/run-plots.ts";

/** Milliseconds between updates while a file is read. */
const TICK = 200;

/** A dropped log, and how far it has been read. */
export class DroppedLog implements BoardRun {
  readonly name: string;
  readonly source: string;
  readonly plots: RunPlots = new RunPlots();
  readonly fold: RunFold = new RunFold({ also: this.plots });
  readonly lastByte: number | null;
  state: BoardRun["state"] = "following";
  readonly #file: File;
  readonly #reader: LogReader;

  constructor(file: File) {
    this.name = this.source = file.name;
    this.lastByte = file.lastModified;
    this.#file = file;
    this.#reader = openReader({ name: file.name, sink: this.fold });
  }

  get format(): string | null {
    return this.#reader.format;
  }

  get lines(): LogReader["lines"] {
    return this.#reader.lines;
  }

  /** Reads the file to its end, and tells of it now and then. */
  async read(tell: () => void): Promise<void> {
    let next = performance.now() + TICK;
    const chunks = this.#file.stream().getReader();
    for (;;) {
      const { done, value } = await chunks.read();
      if (done) break;
      this.#reader.write(value);
      if (performance.now() < next) continue;
      tell();
      next = performance.now() + TICK;
    }
    this.#reader.end();
    this.state = "ended";
    tell();
  }
}

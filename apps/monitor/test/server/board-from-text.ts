import { openReader } from "@lossflow/logs";
import { RunFold } from "../../src/compute/run-fold.ts";
import { type BoardRun, RunBoard } from "../../src/plot/run-board.ts";
import { RunPlots } from "../../src/plot/run-plots.ts";

/** A run whose log can be written to. */
export interface WrittenRun extends BoardRun {
  write(text: string): void;
}

/** Makes a run of the text of a log. */
export function runFromText(name: string, text: string): WrittenRun {
  const plots = new RunPlots();
  const fold = new RunFold({ also: plots });
  const reader = openReader({ name: `${name}.jsonl`, sink: fold, format: "jsonl" });
  const write = (more: string): void => reader.write(new TextEncoder().encode(more));
  write(text);
  reader.settle();
  return {
    name,
    source: `/home/someone/secret/${name}.jsonl`,
    state: "following",
    lastByte: 0,
    format: "jsonl",
    get lines() {
      return reader.lines;
    },
    fold,
    plots,
    write,
  };
}

/** Makes a board of runs, by name and text. */
export function boardFromText(texts: Readonly<Record<string, string>>): RunBoard {
  const runs = Object.entries(texts).map(([name, text]) => runFromText(name, text));
  return new RunBoard(() => runs);
}

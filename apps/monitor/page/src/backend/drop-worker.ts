import { isLossflowError } from "@lossflow/core";
import { UsageError } from "../../../src/cli/usage-error.ts";
import { BoardReader } from "../../../src/plot/board-reader.ts";
import { type BoardRun, RunBoard } from "../../../src/plot/run-board.ts";
import { bytesFromWindows } from "../../../src/plot/window-bytes.ts";
import type { DropReply, DropRequest, TableJob } from "./drop-messages.ts";
import { DroppedLog } from "./dropped-log.ts";
import { describeTable, evaluateTable, isTable } from "./dropped-table.ts";
import { TableRun } from "./table-run.ts";
import { trustEngineWorkers } from "./trusted-scripts.ts";

trustEngineWorkers();

const dropped: BoardRun[] = [];
const tables: File[] = [];
const board = new RunBoard(() => dropped, "d");
const news = new BoardReader(board);

addEventListener("message", ({ data }: MessageEvent<DropRequest>) => {
  if (data.kind === "windows") answer(data);
  else if (data.kind === "read") void read(data.file);
  else void evaluate(data.table, data.job);
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
  try {
    if (await isTable(file)) {
      const table = tables.push(file) - 1;
      reply({ kind: "table", table: await describeTable(file, table) });
      return;
    }
    const log = new DroppedLog(file);
    dropped.push(log);
    await log.read(tell);
    if (log.fold.metrics.length === 0)
      reply({ kind: "failed", table: null, sentence: `${file.name} holds no number that any reader knows.` });
  } catch (error) {
    reply({ kind: "failed", table: null, sentence: sentenceOf(error, file.name) });
  }
}

async function evaluate(table: number, job: TableJob): Promise<void> {
  const file = tables[table]!;
  const run = new TableRun(file, job.loss, job.rows);
  let isShown = false;
  try {
    await evaluateTable(file, job, (figures) => {
      run.take(figures.result.windows ?? [], figures.done);
      if (!isShown) dropped.push(run);
      isShown = true;
      reply({ kind: "figures", table, figures: { ...figures, result: withoutWindows(figures.result) } });
      tell();
    });
  } catch (error) {
    run.state = "ended";
    tell();
    reply({ kind: "failed", table, sentence: sentenceOf(error, file.name) });
  }
}

function withoutWindows<T extends { readonly windows?: unknown }>(result: T): T {
  return { ...result, windows: [] };
}

function sentenceOf(error: unknown, name: string): string {
  if (isLossflowError(error) || error instanceof UsageError) return error.message;
  return `${name} could not be read: ${error instanceof Error ? error.message : String(error)}.`;
}

function tell(): void {
  const update = news.take(Date.now());
  if (update !== null) reply({ kind: "update", update });
}

function reply(message: DropReply, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

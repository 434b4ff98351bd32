import { openReader } from "@lossflow/logs";
import { peer } from "../contestants/peer.ts";
import type { SampleLog } from "./sample-logs.ts";
import { SumSink } from "./sum-sink.ts";

/** Reads a log once and returns how many numbers it found and what they add up to. */
export interface LogPass {
  readonly name: string;
  readonly read: () => { readonly count: number; readonly sum: number };
}

const CHUNK = 1 << 18;

/** Everything that reads `log`: Lossflow's reader, and what people write by hand or install for it. */
export async function logContestants(log: SampleLog): Promise<LogPass[]> {
  const ours: LogPass = { name: "@lossflow/logs", read: () => readLog(log) };
  if (log.file.endsWith(".jsonl"))
    return [ours, { name: "JSON.parse per line", read: () => parseLines(log.bytes) }];
  if (!log.file.endsWith(".csv")) return [ours];
  const udsv = await peer("udsv");
  return [
    ours,
    { name: "split + Number", read: () => splitLines(log.bytes) },
    ...(udsv === null
      ? []
      : [{ name: "uDSV", read: () => readWithUdsv(udsv as unknown as Udsv, log.bytes) }]),
  ];
}

/** From bytes, in chunks as they come from a file, to points at a sink. */
function readLog({ file, bytes }: SampleLog): { count: number; sum: number } {
  const sink = new SumSink();
  const reader = openReader({ name: file, sink });
  for (let at = 0; at < bytes.length; at += CHUNK) reader.write(bytes.subarray(at, at + CHUNK));
  reader.end();
  return sink;
}

function linesOf(bytes: Uint8Array): string[] {
  const lines = new TextDecoder().decode(bytes).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function parseLines(bytes: Uint8Array): { count: number; sum: number } {
  let count = 0;
  let sum = 0;
  for (let at = 0, end = 0; at < bytes.length; at = end) {
    end = nextChunk(bytes, at);
    for (const line of linesOf(bytes.subarray(at, end))) {
      const { step: _step, ...metrics } = JSON.parse(line) as Record<string, number>;
      for (const key in metrics) {
        sum += metrics[key]!;
        count++;
      }
    }
  }
  return { count, sum };
}

function splitLines(bytes: Uint8Array): { count: number; sum: number } {
  let count = 0;
  let sum = 0;
  for (let at = bytes.indexOf(10) + 1, end = 0; at < bytes.length; at = end) {
    end = nextChunk(bytes, at);
    for (const line of linesOf(bytes.subarray(at, end))) {
      const cells = line.split(",");
      Number(cells[0]);
      for (let i = 1; i < cells.length; i++) {
        sum += Number(cells[i]);
        count++;
      }
    }
  }
  return { count, sum };
}

interface Udsv {
  inferSchema(text: string): unknown;
  initParser(schema: unknown): { typedArrs(text: string): number[][] };
}

/** All at once, as its documentation has it. */
function readWithUdsv(udsv: Udsv, bytes: Uint8Array): { count: number; sum: number } {
  const text = new TextDecoder().decode(bytes);
  let count = 0;
  let sum = 0;
  for (const row of udsv.initParser(udsv.inferSchema(text.slice(0, 10_000))).typedArrs(text)) {
    for (let i = 1; i < row.length; i++) {
      sum += row[i]!;
      count++;
    }
  }
  return { count, sum };
}

/** The end of the last whole line within a chunk. */
function nextChunk(bytes: Uint8Array, at: number): number {
  return at + CHUNK >= bytes.length ? bytes.length : bytes.lastIndexOf(10, at + CHUNK) + 1;
}

import { closeSync, openSync, readSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { LossflowError } from "@lossflow/core";
import type { FormatChoice, Guess } from "../format.ts";
import { openReader, type LogReader } from "../open-reader.ts";
import type { IgnoredSample, LineCounts } from "../record.ts";
import { RunTrack } from "../run-track.ts";
import type { LogSink } from "../sink.ts";
import { isSettingsName } from "../settings-name.ts";
import { isPredictions } from "../table/is-predictions.ts";
import { splitCells } from "../table/split-cells.ts";
import type { Run } from "./run.ts";

const CHUNK = 1 << 18;
const LONGEST_HOLE = 1 << 22;

/** What reading a run told besides its points. */
export interface RunReading {
  readonly format: string;
  readonly confidence: number;
  readonly candidates: readonly Guess[];
  /** Over all files. */
  readonly lines: LineCounts;
  readonly segments: number;
  readonly ignoredSamples: readonly IgnoredSample[];
}

/** How to read a run. */
export interface ReadRunOptions {
  /** The id of a format, or a pinned one, to skip detection. */
  readonly format?: FormatChoice;
  readonly signal?: AbortSignal;
  /** Takes the bytes read so far, for a progress display. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Reads a run's files to their ends.
 *
 * @throws LossflowError `LF_SOURCE_MISSING`, `LF_SOURCE_UNREADABLE`, `LF_SOURCE_EMPTY`, `LF_SOURCE_BINARY` for what
 * cannot be read; `LF_NO_METRIC` where no number of a series was found (events were delivered by then).
 */
export async function readRun(run: Run, sink: LogSink, options: ReadRunOptions = {}): Promise<RunReading> {
  const track = new RunTrack(sink);
  const readers: LogReader[] = [];
  let bytes = 0;
  for (const path of run.paths) {
    const reader = openReader({
      name: path,
      sink,
      track,
      ...(run.part === undefined ? {} : { part: run.part }),
      ...(options.format === undefined ? {} : { format: options.format }),
    });
    let hole = 0;
    for await (const each of path === "-" ? process.stdin : chunksOf(path)) {
      const chunk = each as Uint8Array;
      options.signal?.throwIfAborted();
      reader.write(chunk);
      bytes += chunk.length;
      options.onProgress?.(bytes);
      hole = hole >= 0 && isHole(chunk) ? hole + chunk.length : -1;
      if (reader.isRefused) break;
      if (hole > LONGEST_HOLE && !isFile(path)) throw binaryError(run.source);
    }
    reader.end();
    readers.push(reader);
  }
  if (bytes === 0) throw emptyError(run.source);
  for (const path of run.asides ?? []) {
    const reader = openReader({ name: path, sink: incidentsOf(sink) });
    for await (const chunk of chunksOf(path)) {
      options.signal?.throwIfAborted();
      reader.write(chunk);
    }
    reader.end();
  }
  if (readers.every((reader) => reader.format === null)) throw binaryError(run.source);
  if (track.points === 0) throw noMetricError(run, readers, options.format);
  return readingOf(readers, track);
}

/** Passes on what happened to a run, and none of its figures. */
export function incidentsOf(sink: LogSink): LogSink {
  return {
    series: () => 0,
    point() {},
    event(event) {
      if (/^(?:traceback|oom|signal|overflow|nan)$/.test(event.kind)) sink.event(event);
    },
  };
}

/** Zeros alone: what a file's writer leaves before its position where the file was truncated under it. */
function isHole(chunk: Uint8Array): boolean {
  return chunk[0] === 0 && chunk.every((byte) => byte === 0);
}

/** What is no file (a device, a pipe) may have no end. */
function isFile(path: string): boolean {
  return path !== "-" && statSync(path).isFile();
}

/** Sums up what the readers of a run's files tell. */
export function readingOf(readers: readonly LogReader[], track: RunTrack): RunReading {
  const first = readers.find((reader) => reader.format !== null) ?? readers[0]!;
  const sum = (key: keyof LineCounts): number => readers.reduce((total, { lines }) => total + lines[key], 0);
  return {
    format: first.format ?? "unknown",
    confidence: first.confidence,
    candidates: first.candidates,
    lines: { total: sum("total"), read: sum("read"), ignored: sum("ignored") },
    segments: track.segments,
    ignoredSamples: readers.flatMap((reader) => reader.ignoredSamples),
  };
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const small = smallFile(path);
  if (small !== null) {
    // Signals are heard between turns of the event loop alone.
    await turn();
    yield small;
    return;
  }
  let file;
  try {
    file = await open(path, "r");
  } catch (error) {
    throw sourceError(path, error);
  }
  try {
    const buffer = new Uint8Array(CHUNK);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw sourceError(path, error);
  } finally {
    await file.close();
  }
}

/** Reads a file of one chunk at once, several times as fast as turn by turn; null where it is longer, or no such file. */
function smallFile(path: string): Uint8Array | null {
  let file;
  try {
    // Looked at before it is opened: to open a pipe and close it again would end its writer.
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > CHUNK) return null;
    file = openSync(path, "r");
    const bytes = new Uint8Array(stats.size + 1);
    let length = 0;
    for (;;) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      length += read;
      if (read === 0 || length === bytes.length) break;
    }
    return length < bytes.length ? bytes.subarray(0, length) : null;
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Words the failure of a file operation. */
export function sourceError(path: string, error: unknown): LossflowError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new LossflowError("LF_SOURCE_MISSING", `There is no ${path}: check the path.`, { path });
  }
  const why =
    code === "EACCES" || code === "EPERM"
      ? "its permissions forbid it"
      : code === "EISDIR"
        ? "it is a folder"
        : code === ""
          ? "it is not a file"
          : `the system says ${code}`;
  return new LossflowError(
    "LF_SOURCE_UNREADABLE",
    `${path} cannot be read: ${why}.`,
    { path },
    { cause: error },
  );
}

/** Words that a source has no bytes; only a file may yet get some. */
export function emptyError(source: string): LossflowError {
  const sentence =
    source === "-"
      ? "Standard input is empty: pipe a log into it."
      : statSync(source, { throwIfNoEntry: false })?.isFile() === true
        ? `${source} is empty: give a log that has lines, or follow it with "watch" until it has.`
        : `${source} is empty: give a log that has lines.`;
  return new LossflowError("LF_SOURCE_EMPTY", sentence, { path: source });
}

/** Words that a source is neither text nor of a binary format with a reader. */
export function binaryError(source: string): LossflowError {
  return new LossflowError(
    "LF_SOURCE_BINARY",
    `${source} is binary and of no known log format: give a training log.`,
    { path: source },
  );
}

function noMetricError(run: Run, readers: readonly LogReader[], format?: FormatChoice): LossflowError {
  const { lines, ignoredSamples } = readers[0]!;
  if (typeof format === "object") {
    const first = ignoredSamples[0];
    return new LossflowError(
      "LF_NO_METRIC",
      `The ${format.kind} given matches none of the ${lines.total} lines of ${run.source}` +
        (first === undefined ? "." : `: line ${first.line}, for one, is "${first.text.trim()}".`),
      { path: run.source, got: format.text },
    );
  }
  if (isSettingsName(run.source)) {
    return new LossflowError(
      "LF_NO_METRIC",
      `${run.source} holds settings by its name, and no results: give the training log beside it.`,
      { path: run.source },
    );
  }
  if (ignoredSamples[0]?.text.startsWith("version https://git-lfs") === true) {
    return new LossflowError(
      "LF_NO_METRIC",
      `${run.source} is a pointer of Git LFS, not the log itself: fetch it with "git lfs pull".`,
      { path: run.source },
    );
  }
  if (isPredictions(splitCells(ignoredSamples[0]?.text ?? "", 44))) {
    return new LossflowError(
      "LF_NO_METRIC",
      `No metric was found in ${run.source}: it looks like a table of targets and predictions, whose losses "eval" computes.`,
      { path: run.source },
    );
  }
  return new LossflowError(
    "LF_NO_METRIC",
    `No metric was found in ${run.source} (${lines.total} ${lines.total === 1 ? "line" : "lines"}, ${lines.read} read): "explain" shows the lines that were not read, --line or --pattern says how to read them.`,
    { path: run.source },
  );
}

export type { Format, Guess } from "./format.ts";
export { formats } from "./formats.ts";
export { openReader } from "./open-reader.ts";
export type { LogReader, ReaderOptions } from "./open-reader.ts";
export type { EventKind, IgnoredSample, LineCounts, Point, RunEvent } from "./record.ts";
export { RunTrack } from "./run-track.ts";
export type { LogSink, Place } from "./sink.ts";

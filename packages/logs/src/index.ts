/**
 * Reads training logs of many formats from bytes, as they arrive, into points and events.
 *
 * ```ts
 * import { openReader } from "@lossflow/logs";
 *
 * const names: string[] = [];
 * const reader = openReader({
 *   name: "train.jsonl",
 *   sink: {
 *     series: (name) => names.push(name) - 1,
 *     point: (series, value, place) => console.log(names[series], place.step, value),
 *     event: (event) => console.log(event.kind, event.message),
 *   },
 * });
 * reader.write(new TextEncoder().encode('{"step": 1, "loss": 2.5}\n{"step": 2, "loss": NaN}\n'));
 * reader.end();
 * ```
 *
 * Files, folders and growing logs are read through `@lossflow/logs/node`, Arrow batches made by `@lossflow/logs/arrow`;
 * a format that no reader knows is pinned by a line or pattern with `@lossflow/logs/pin`.
 *
 * @packageDocumentation
 */
export type { Format, FormatChoice, Guess, PinnedFormat } from "./format.ts";
export { formats } from "./formats.ts";
export { openReader } from "./open-reader.ts";
export type { LogReader, ReaderOptions } from "./open-reader.ts";
export type { EventKind, IgnoredSample, LineCounts, Point, RunEvent } from "./record.ts";
export { RunTrack } from "./run-track.ts";
export type { LogSink, Place, PointRows } from "./sink.ts";

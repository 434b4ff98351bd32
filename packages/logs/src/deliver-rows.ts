import type { LogSink, Place, PointRows } from "./sink.ts";

/** Gives rows to a sink: at once where it takes them so, else point by point in the order of the log. */
export function deliverRows(sink: LogSink, place: Place, all: PointRows): void {
  const { rows, series, values, step, epoch, time, rank, segment } = all;
  place.rank = rank;
  place.segment = segment;
  if (sink.pointRows !== undefined) {
    place.step = step[rows - 1]!;
    place.epoch = epoch[rows - 1]!;
    place.time = time[rows - 1]!;
    sink.pointRows(all);
    return;
  }
  for (let r = 0; r < rows; r++) {
    place.step = step[r]!;
    place.epoch = epoch[r]!;
    place.time = time[r]!;
    for (let k = 0; k < series.length; k++) sink.point(series[k]!, values[k]![r]!, place);
  }
}

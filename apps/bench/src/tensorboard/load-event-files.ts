import { discoverRuns, readRun } from "@lossflow/logs/node";
import type { LogSink, Place } from "@lossflow/logs";

/** Keeps all points of a run, as TensorBoard's loader does. */
class Kept implements LogSink {
  readonly series: (name: string) => number;
  readonly #points: { step: number[]; time: number[]; value: number[] }[] = [];

  constructor() {
    this.series = () => this.#points.push({ step: [], time: [], value: [] }) - 1;
  }

  point(series: number, value: number, place: Readonly<Place>): void {
    const points = this.#points[series]!;
    points.step.push(place.step);
    points.time.push(place.time);
    points.value.push(value);
  }

  event(): void {}

  get values(): readonly (readonly number[])[] {
    return this.#points.map(({ value }) => value);
  }
}

const start = performance.now();
const before = process.cpuUsage();
let points = 0;
let sum = 0;
for (const run of discoverRuns([process.argv[2]!])) {
  const kept = new Kept();
  await readRun(run, kept);
  for (const values of kept.values) {
    points += values.length;
    for (const value of values) sum += value;
  }
}
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    points,
    sum,
    wallSeconds: (performance.now() - start) / 1e3,
    cpuSeconds: (user + system) / 1e6,
  }),
);

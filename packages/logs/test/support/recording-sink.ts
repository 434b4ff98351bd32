import { openReader, type LogReader, type LogSink, type RunEvent } from "../../src/index.ts";

/** One point as a test sees it. */
export interface RecordedPoint {
  readonly value: number;
  readonly step: number;
  readonly epoch: number;
  readonly time: number;
  readonly rank: number;
  readonly segment: number;
}

/** Keeps all that a reader delivers. */
export class RecordingSink implements LogSink {
  readonly series: (name: string) => number;
  readonly events: RunEvent[] = [];
  readonly #names: string[] = [];
  readonly #points: RecordedPoint[][] = [];

  constructor() {
    this.series = (name) => {
      this.#points.push([]);
      return this.#names.push(name) - 1;
    };
  }

  point(series: number, value: number, place: Omit<RecordedPoint, "value">): void {
    this.#points[series]!.push({ value, ...place });
  }

  event(event: RunEvent): void {
    this.events.push(event);
  }

  get names(): readonly string[] {
    return this.#names;
  }

  points(name: string): readonly RecordedPoint[] {
    return this.#points[this.#names.indexOf(name)] ?? [];
  }

  values(name: string): number[] {
    return this.points(name).map(({ value }) => value);
  }

  steps(name: string): number[] {
    return this.points(name).map(({ step }) => step);
  }

  /** Everything, for comparisons. */
  dump(): unknown {
    return { series: this.#names.map((name, i) => [name, this.#points[i]]), events: this.events };
  }
}

/** Reads a text in chunks of `size` bytes (whole, if not given). */
export function readText(
  text: string | Uint8Array,
  name: string,
  size = Infinity,
): { sink: RecordingSink; reader: LogReader } {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const sink = new RecordingSink();
  const reader = openReader({ name, sink });
  for (let i = 0; i < bytes.length; i += size) reader.write(bytes.slice(i, Math.min(bytes.length, i + size)));
  reader.end();
  return { sink, reader };
}

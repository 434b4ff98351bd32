import type { LogSink, Place } from "@lossflow/logs";
import { numbersOrEmpty, sameText, type TableBatch, type TableColumn } from "./table-batch.ts";

/** Rows of a batch. */
const ROWS = 65_536;

/** The columns of exported points; an empty cell: the log does not say. */
export const POINT_COLUMNS: readonly TableColumn[] = [
  { name: "run", kind: "text", nullable: false },
  { name: "metric", kind: "text", nullable: false },
  { name: "step", kind: "number", nullable: false },
  { name: "epoch", kind: "number", nullable: true },
  { name: "time", kind: "number", nullable: true },
  { name: "value", kind: "number", nullable: false },
  { name: "segment", kind: "number", nullable: false },
  { name: "rank", kind: "number", nullable: true },
];

/** Gathers the points of one run, of all series or of those `wanted`, into batches; call `flush` for the last. */
export class PointBatches implements LogSink {
  readonly #run: string;
  readonly #wanted: ReadonlySet<string> | null;
  readonly #take: (batch: TableBatch) => void;
  readonly #names: string[] = [];
  readonly #skipped: boolean[] = [];
  #metric = new Int32Array(ROWS);
  #step = new Float64Array(ROWS);
  #epoch = new Float64Array(ROWS);
  #time = new Float64Array(ROWS);
  #value = new Float64Array(ROWS);
  #segment = new Float64Array(ROWS);
  #rank = new Float64Array(ROWS);
  #rows = 0;

  constructor(run: string, wanted: ReadonlySet<string> | null, take: (batch: TableBatch) => void) {
    this.#run = run;
    this.#wanted = wanted;
    this.#take = take;
  }

  series(name: string): number {
    this.#skipped.push(this.#wanted !== null && !this.#wanted.has(name));
    return this.#names.push(name) - 1;
  }

  point(series: number, value: number, { step, epoch, time, segment, rank }: Readonly<Place>): void {
    if (this.#skipped[series] === true) return;
    const row = this.#rows++;
    this.#metric[row] = series;
    this.#step[row] = step;
    this.#epoch[row] = epoch;
    this.#time[row] = time;
    this.#value[row] = value;
    this.#segment[row] = segment;
    this.#rank[row] = rank < 0 ? Number.NaN : rank;
    if (this.#rows === ROWS) this.flush();
  }

  event(): void {
    // Points alone are exported.
  }

  flush(): void {
    const rows = this.#rows;
    if (rows === 0) return;
    this.#rows = 0;
    const numbers = (column: Float64Array): Float64Array => column.slice(0, rows);
    this.#take({
      rows,
      cells: [
        sameText(this.#run, rows),
        { codes: this.#metric.slice(0, rows), words: [...this.#names] },
        { values: numbers(this.#step), nulls: null },
        numbersOrEmpty(numbers(this.#epoch)),
        numbersOrEmpty(numbers(this.#time)),
        { values: numbers(this.#value), nulls: null },
        { values: numbers(this.#segment), nulls: null },
        numbersOrEmpty(numbers(this.#rank)),
      ],
    });
  }
}

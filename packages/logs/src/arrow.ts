import {
  type Data,
  Dictionary,
  Field,
  Float64,
  Int32,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  makeData,
  vectorFromArray,
} from "apache-arrow";
import type { LogSink, Place } from "./sink.ts";

const ROWS = 65_536;

/** The columns of a batch of points. NaN in `epoch` and `time`, -1 in `rank`: the log does not say. */
// A type, not an interface: Arrow's generics ask for an index signature.
export type PointColumns = {
  run: Dictionary<Utf8, Int32>;
  metric: Dictionary<Utf8, Int32>;
  step: Float64;
  epoch: Float64;
  time: Float64;
  value: Float64;
  segment: Int32;
  rank: Int32;
};

/**
 * Gathers the points of one run into Arrow record batches of 65,536 rows: run, metric (both dictionaries), step, epoch,
 * time in seconds, value, segment, rank. Each full batch is given to `onBatch`; call `flush` for the rest. Columns own
 * their memory.
 */
export class ArrowSink implements LogSink {
  readonly #run: string;
  readonly #onBatch: (batch: RecordBatch<PointColumns>) => void;
  readonly #onEvent: LogSink["event"];
  readonly #names: string[] = [];
  #metric = new Int32Array(ROWS);
  #segment = new Int32Array(ROWS);
  #rank = new Int32Array(ROWS);
  #step = new Float64Array(ROWS);
  #epoch = new Float64Array(ROWS);
  #time = new Float64Array(ROWS);
  #value = new Float64Array(ROWS);
  #rows = 0;

  constructor(
    run: string,
    onBatch: (batch: RecordBatch<PointColumns>) => void,
    onEvent: LogSink["event"] = () => {},
  ) {
    this.#run = run;
    this.#onBatch = onBatch;
    this.#onEvent = onEvent;
  }

  series(name: string): number {
    return this.#names.push(name) - 1;
  }

  point(series: number, value: number, place: Readonly<Place>): void {
    const row = this.#rows++;
    this.#metric[row] = series;
    this.#value[row] = value;
    this.#step[row] = place.step;
    this.#epoch[row] = place.epoch;
    this.#time[row] = place.time;
    this.#segment[row] = place.segment;
    this.#rank[row] = place.rank;
    if (this.#rows === ROWS) this.flush();
  }

  event(event: Parameters<LogSink["event"]>[0]): void {
    this.#onEvent(event);
  }

  /** Gives the rows gathered so far as a batch, if there are any. */
  flush(): void {
    const rows = this.#rows;
    if (rows === 0) return;
    this.#rows = 0;
    const columns = {
      run: dictionary(0, new Int32Array(rows), [this.#run]),
      metric: dictionary(1, this.#metric.slice(0, rows), this.#names),
      step: floats(this.#step, rows),
      epoch: floats(this.#epoch, rows),
      time: floats(this.#time, rows),
      value: floats(this.#value, rows),
      segment: ints(this.#segment, rows),
      rank: ints(this.#rank, rows),
    };
    const fields = Object.entries(columns).map(([name, data]) => new Field(name, data.type, false));
    const schema = new Schema<PointColumns>(fields);
    const data = makeData({
      type: new Struct<PointColumns>(schema.fields),
      length: rows,
      nullCount: 0,
      children: Object.values(columns),
    });
    this.#onBatch(new RecordBatch<PointColumns>(schema, data));
  }
}

function floats(column: Float64Array, rows: number): Data<Float64> {
  return makeData({ type: new Float64(), data: column.slice(0, rows), length: rows, nullCount: 0 });
}

function ints(column: Int32Array, rows: number): Data<Int32> {
  return makeData({ type: new Int32(), data: column.slice(0, rows), length: rows, nullCount: 0 });
}

function dictionary(
  id: number,
  indices: Int32Array,
  words: readonly string[],
): Data<Dictionary<Utf8, Int32>> {
  const type = new Dictionary(new Utf8(), new Int32(), id);
  return makeData({
    type,
    data: indices,
    length: indices.length,
    nullCount: 0,
    dictionary: vectorFromArray(words, new Utf8()),
  });
}

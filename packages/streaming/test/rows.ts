import {
  Bool,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  List,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Utf8,
  vectorFromArray,
  makeData,
  RecordBatch,
  Struct,
  type DataType,
} from "apache-arrow";
import { seededRandom } from "./seeded-random.ts";

/** One row of the table that the laws are tried on. */
export interface Row {
  readonly y: number | null;
  readonly p: number | null;
  readonly logit: number | null;
  readonly hit: boolean | null;
  readonly label: number | null;
  readonly scores: readonly (number | null)[] | null;
  readonly goals: readonly (number | null)[] | null;
  readonly w: number | null;
  readonly group: string | null;
  readonly fold: number | null;
}

const CLASSES = 3;

/** Makes rows with nulls, zero weights, NaN and infinities, and magnitudes that a naive sum cannot hold together. */
export function seededRows(count: number, seed: number): Row[] {
  const random = seededRandom(seed);
  const maybe = <T>(value: T, chance = 0.06): T | null => (random() < chance ? null : value);
  const odd = (value: number): number => {
    const draw = random();
    if (draw < 0.01) return NaN;
    if (draw < 0.02) return Infinity;
    if (draw < 0.05) return Math.fround(value * 2 ** 40);
    return value;
  };
  const f32 = (low: number, high: number): number => Math.fround(low + (high - low) * random());
  return Array.from({ length: count }, () => ({
    y: maybe(odd(f32(-10, 10))),
    p: maybe(odd(f32(-10, 10))),
    logit: maybe(f32(-8, 8)),
    hit: maybe(random() < 0.3),
    label: maybe(Math.floor(random() * CLASSES)),
    scores: maybe(Array.from({ length: CLASSES }, () => maybe(f32(-4, 4), 0.03))),
    goals: maybe(Array.from({ length: CLASSES }, () => maybe(f32(-4, 4), 0.03))),
    w: maybe(random() < 0.2 ? 0 : f32(0, 3)),
    group: maybe(["cat", "dog", "v1.10", 'quo"te, ü'][Math.floor(random() * 4)]!),
    fold: maybe(Math.floor(random() * 5) - 1),
  }));
}

const TYPES: Readonly<Record<keyof Row, DataType>> = {
  y: new Float32(),
  p: new Float64(),
  logit: new Float32(),
  hit: new Bool(),
  label: new Int32(),
  scores: new List(new Field("item", new Float32(), true)),
  goals: new List(new Field("item", new Float64(), true)),
  w: new Float64(),
  group: new Dictionary(new Utf8(), new Int32()),
  fold: new Int32(),
};

/** One batch of some rows; groups are plain texts or, in each batch anew, a dictionary of them. */
export function batchFromRows(
  rows: readonly Row[],
  group: "plain" | "dictionary" = "dictionary",
): RecordBatch {
  const types = Object.entries(group === "plain" ? { ...TYPES, group: new Utf8() } : TYPES);
  const schema = new Schema(types.map(([name, type]) => new Field(name, type, true)));
  const children = types.map(([name, type]) => {
    const values = rows.map((row) => row[name as keyof Row]);
    // apache-arrow finds no type for a column of nothing.
    if (rows.length === 0) return makeData({ type, length: 0, nullCount: 0 } as never);
    return vectorFromArray(values as unknown[], type).data[0]!;
  });
  const type = new Struct(schema.fields);
  return new RecordBatch(
    schema,
    makeData({ type, length: rows.length, nullCount: 0, children } as never) as never,
  );
}

/** Batches of the given sizes, over and over until the rows are used up. */
export function batchesFromRows(
  rows: readonly Row[],
  sizes: readonly number[],
  group: "plain" | "dictionary" = "dictionary",
): RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let at = 0, i = 0; at < rows.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length]!);
    batches.push(batchFromRows(rows.slice(at, at + size), group));
    at += size;
  }
  return batches.length === 0 ? [batchFromRows([], group)] : batches;
}

/** The bytes of an Arrow IPC file or stream. */
export function ipcFromBatches(batches: readonly RecordBatch[], kind: "file" | "stream"): Uint8Array {
  const writer = kind === "file" ? new RecordBatchFileWriter() : new RecordBatchStreamWriter();
  for (const batch of batches) writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

/** JSONL as Python's json writes it: NaN and Infinity bare, absent keys for some nulls. */
export function jsonlFromRows(rows: readonly Row[]): Uint8Array {
  const value = (one: unknown): string =>
    typeof one === "number"
      ? Number.isNaN(one)
        ? "NaN"
        : String(one)
      : Array.isArray(one)
        ? `[${one.map(value).join(", ")}]`
        : JSON.stringify(one);
  const lines = rows.map((row, i) => {
    const entries = Object.entries(row).filter(([, one]) => one !== null || i % 2 === 0);
    return `{${entries.map(([name, one]) => `${JSON.stringify(name)}: ${value(one)}`).join(", ")}}`;
  });
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
}

/** CSV of the plain columns; booleans as 1 and 0, since CSV has none. */
export function csvFromRows(rows: readonly Row[]): Uint8Array {
  const names = ["y", "p", "logit", "hit", "label", "w", "group", "fold"] as const;
  const cell = (one: Row[(typeof names)[number]]): string => {
    if (one === null) return "";
    if (typeof one === "boolean") return one ? "1" : "0";
    const text = String(one);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map((row) => names.map((name) => cell(row[name])).join(","));
  return new TextEncoder().encode(`${names.join(",")}\r\n${lines.map((line) => `${line}\r\n`).join("")}`);
}

import type { Data, DataType, RecordBatch } from "apache-arrow";
import type { Column, ColumnBytes, NumberColumn, NumberFormat, TimeUnit } from "../columns/column.ts";

/** Type ids of apache-arrow's `Type`, written out so that the engine need not load the library to tell types apart. */
const TYPE = {
  dictionary: -1,
  null: 1,
  int: 2,
  float: 3,
  utf8: 5,
  bool: 6,
  date: 8,
  time: 9,
  timestamp: 10,
  list: 12,
  fixedSizeList: 16,
  duration: 18,
  largeUtf8: 20,
} as const;

/**
 * Reads columns of an apache-arrow batch through its buffers: views, no copies and no access value by value. The views
 * belong to the batch.
 * @param positions which of the batch's columns, in the order wanted.
 */
export function columnsFromRecordBatch(batch: RecordBatch, positions: readonly number[]): Column[] {
  return positions.map((position) => columnFromData(batch.data.children[position] as Data));
}

function columnFromData(data: Data): Column {
  const { type, length } = data;
  // apache-arrow slices every buffer but bitmaps, whose first bit stands at `offset`.
  const base = { length, bitOffset: data.offset, validity: validityOfData(data) };
  switch (type.typeId as number) {
    case TYPE.dictionary: {
      const indices = (type as DataType & { indices: DataType }).indices;
      const codes: NumberColumn = {
        ...base,
        kind: "number",
        format: intFormat(indices),
        values: bytesOf(data.values),
      };
      const values = (data.dictionary?.data ?? []).map((chunk) => columnFromData(chunk as Data));
      return { kind: "dictionary", length, bitOffset: 0, validity: null, codes, values };
    }
    case TYPE.null:
      return { ...base, kind: "null", validity: null };
    case TYPE.int:
      return { ...base, kind: "number", format: intFormat(type), values: bytesOf(data.values) };
    case TYPE.float:
      return { ...base, kind: "number", format: floatFormat(type), values: bytesOf(data.values) };
    case TYPE.date:
    case TYPE.time:
    case TYPE.timestamp:
    case TYPE.duration: {
      const format = (data.values as unknown) instanceof BigInt64Array ? "i64" : "i32";
      const numbers: NumberColumn = { ...base, kind: "number", format, values: bytesOf(data.values) };
      return {
        kind: "time",
        length,
        bitOffset: 0,
        validity: null,
        type: nameOf(type),
        unit: unitOf(type),
        numbers,
      };
    }
    case TYPE.bool:
      return { ...base, kind: "boolean", values: bytesOf(data.values) };
    case TYPE.utf8:
    case TYPE.largeUtf8:
      return {
        ...base,
        kind: "text",
        wide: (type.typeId as number) === TYPE.largeUtf8,
        offsets: bytesOf(data.valueOffsets),
        values: bytesOf(data.values),
      };
    case TYPE.list:
      return {
        ...base,
        kind: "list",
        wide: (data.valueOffsets as unknown) instanceof BigInt64Array,
        offsets: bytesOf(data.valueOffsets),
        child: columnFromData(data.children[0] as Data),
      };
    case TYPE.fixedSizeList:
      return {
        ...base,
        kind: "fixed-list",
        size: (type as DataType & { listSize: number }).listSize,
        child: columnFromData(data.children[0] as Data),
      };
    default:
      return { ...base, kind: "unsupported", type: nameOf(type), validity: null };
  }
}

/** Dates count days or milliseconds, all else seconds and what is smaller. */
function unitOf(type: DataType): TimeUnit {
  const { unit } = type as DataType & { unit: 0 | 1 | 2 | 3 };
  if ((type.typeId as number) === TYPE.date) return unit === 0 ? "day" : "ms";
  return (["s", "ms", "us", "ns"] as const)[unit];
}

/** Each type class of apache-arrow names itself, which its base class does not declare. */
function nameOf(type: { toString: () => string }): string {
  return type.toString();
}

function validityOfData(data: Data): ColumnBytes | null {
  const { nullBitmap, nullCount } = data;
  if (nullCount === 0 || nullBitmap === undefined) return null;
  // Without a bitmap the count is -1; one of nulls that are counted has been given away, and is refused for its length.
  return nullBitmap.byteLength === 0 && nullCount < 0 ? null : bytesOf(nullBitmap);
}

function bytesOf(view: ArrayBufferView | undefined): Uint8Array {
  // Memory that was given to another thread has no bytes, and makes no views.
  return view === undefined || view.byteLength === 0
    ? new Uint8Array(0)
    : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function intFormat(type: DataType): NumberFormat {
  const { bitWidth, isSigned } = type as DataType & { bitWidth: 8 | 16 | 32 | 64; isSigned: boolean };
  return `${isSigned ? "i" : "u"}${bitWidth}`;
}

function floatFormat(type: DataType): NumberFormat {
  return (["f16", "f32", "f64"] as const)[(type as DataType & { precision: 0 | 1 | 2 }).precision];
}

import { LossflowError } from "@lossflow/core";
import type { NumberFormat, TimeUnit } from "../columns/column.ts";
import type { FlatTable } from "./flat-table.ts";

/** The type of a field, as far as the engine tells types apart; the rest is `unsupported`, with its buffer count. */
export type ArrowType =
  | { readonly kind: "number"; readonly format: NumberFormat }
  | { readonly kind: "boolean" }
  | { readonly kind: "text"; readonly wide: boolean }
  | { readonly kind: "text-view" }
  | { readonly kind: "list"; readonly wide: boolean }
  | { readonly kind: "fixed-list"; readonly size: number }
  | { readonly kind: "null" }
  | TimeType
  | UnsupportedType;

interface TimeType {
  readonly kind: "time";
  readonly name: string;
  readonly unit: TimeUnit;
  readonly format: "i32" | "i64";
}

interface UnsupportedType {
  readonly kind: "unsupported";
  readonly name: string;
  /** Buffers of its own, validity included. */
  readonly buffers: number;
  /** Whether variadic buffers follow. */
  readonly variadic: boolean;
}

export interface ArrowField {
  readonly name: string;
  readonly type: ArrowType;
  readonly children: readonly ArrowField[];
  /** Present where the column holds codes into a dictionary of `type`. */
  readonly dictionary?: { readonly id: number; readonly codes: NumberFormat };
}

export interface ArrowSchema {
  readonly fields: readonly ArrowField[];
  readonly bigEndian: boolean;
}

const DEEPEST = 64;

/** Reads a schema table. @throws LF_ARROW_INVALID, LF_ARROW_UNSUPPORTED */
export function schemaFromTable(table: FlatTable): ArrowSchema {
  const endianness = table.int16(0, 0);
  if (endianness !== 0 && endianness !== 1) throw invalid(`its endianness is ${endianness}`);
  return { fields: table.tables(1).map((field) => fieldFromTable(field, 0)), bigEndian: endianness === 1 };
}

function fieldFromTable(table: FlatTable, depth: number): ArrowField {
  if (depth > DEEPEST) throw invalid(`its types nest deeper than ${DEEPEST}`);
  const type = table.table(3);
  const children = table.tables(5).map((child) => fieldFromTable(child, depth + 1));
  const encoding = table.table(4);
  const field = {
    name: table.text(0) ?? "",
    type: typeFromUnion(table.int8(2, 0), type, children.length),
    children,
  };
  if (encoding === undefined) return field;
  const codes = encoding.table(1);
  return {
    ...field,
    dictionary: { id: encoding.int64(0, 0), codes: codes === undefined ? "i32" : intFormat(codes) },
  };
}

/** Names of the union `Type`, in its order; Schema.fbs of Arrow format 1.5. */
const TYPE_NAMES =
  "none null int float binary utf8 bool decimal date time timestamp interval list struct union fixed_size_binary fixed_size_list map duration large_binary large_utf8 large_list run_end_encoded binary_view utf8_view list_view large_list_view".split(
    " ",
  );

function typeFromUnion(tag: number, table: FlatTable | undefined, children: number): ArrowType {
  const name = TYPE_NAMES[tag];
  if (name === undefined || name === "none") throw invalid(`type ${tag} is not one that Arrow defines`);
  if (table === undefined) throw invalid(`the type ${name} has no description`);
  const due = childrenDue(name);
  if (due !== undefined && children !== due)
    throw invalid(`a field of type ${name} has ${children} children, not ${due}`);
  switch (name) {
    case "null":
      return { kind: "null" };
    case "int":
      return { kind: "number", format: intFormat(table) };
    case "float":
      return { kind: "number", format: floatFormat(table.int16(0, 0)) };
    case "bool":
      return { kind: "boolean" };
    case "utf8":
    case "large_utf8":
      return { kind: "text", wide: name === "large_utf8" };
    case "utf8_view":
      return { kind: "text-view" };
    case "list":
    case "large_list":
      return { kind: "list", wide: name === "large_list" };
    case "fixed_size_list": {
      const size = table.int32(0, 0);
      if (size < 0) throw invalid(`a list has the fixed size ${size}`);
      return { kind: "fixed-list", size };
    }
    case "date":
      return table.int16(0, 1) === 0
        ? { kind: "time", name, unit: "day", format: "i32" }
        : { kind: "time", name, unit: "ms", format: "i64" };
    case "time":
      return {
        kind: "time",
        name,
        unit: timeUnit(table, 1),
        format: table.int32(1, 32) === 64 ? "i64" : "i32",
      };
    case "timestamp":
      return { kind: "time", name, unit: timeUnit(table, 0), format: "i64" };
    case "duration":
      return { kind: "time", name, unit: timeUnit(table, 1), format: "i64" };
    case "union": {
      const dense = table.int16(0, 0) === 1;
      return { kind: "unsupported", name, buffers: dense ? 2 : 1, variadic: false };
    }
    default:
      return { kind: "unsupported", name, buffers: buffersOf(name), variadic: name === "binary_view" };
  }
}

function childrenDue(name: string): number | undefined {
  if (name === "struct" || name === "union") return undefined;
  if (name === "run_end_encoded") return 2;
  return /list|map/.test(name) ? 1 : 0;
}

function buffersOf(name: string): number {
  switch (name) {
    case "struct":
      return 1;
    case "run_end_encoded":
      return 0;
    case "binary":
    case "large_binary":
    case "list_view":
    case "large_list_view":
      return 3;
    default:
      return 2;
  }
}

function intFormat(table: FlatTable): NumberFormat {
  const bits = table.int32(0, 0);
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) throw invalid(`an integer has ${bits} bits`);
  return `${table.boolean(1) ? "i" : "u"}${bits}`;
}

/** `otherwise` is what an absent unit means. */
function timeUnit(table: FlatTable, otherwise: number): TimeUnit {
  const unit = (["s", "ms", "us", "ns"] as const)[table.int16(0, otherwise)];
  if (unit === undefined) throw invalid(`a time has the unit ${table.int16(0, otherwise)}`);
  return unit;
}

function floatFormat(precision: number): NumberFormat {
  const format = (["f16", "f32", "f64"] as const)[precision];
  if (format === undefined) throw invalid(`a float has the precision ${precision}`);
  return format;
}

function invalid(why: string): LossflowError {
  return new LossflowError("LF_ARROW_INVALID", `The Arrow schema is damaged: ${why}.`);
}

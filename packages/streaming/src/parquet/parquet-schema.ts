import type { NumberFormat, TimeUnit } from "../columns/column.ts";
import { invalidParquet } from "./parquet-refusal.ts";
import type { ThriftStruct } from "./thrift-struct.ts";

/** How a value lies in the pages. */
export type PhysicalType = (typeof PHYSICAL)[number];

const PHYSICAL = ["boolean", "int32", "int64", "int96", "float", "double", "bytes", "fixed"] as const;

/** A column of plain values, or of lists of those. */
export interface ParquetLeaf {
  readonly physical: PhysicalType;
  /** Bytes of a `fixed` value. */
  readonly width: number;
  /** What the values are; text for `bytes`. */
  readonly format: NumberFormat | "boolean" | "text";
  /** What its integers count, where they are times. */
  readonly time: ParquetTime | null;
  /** The definition level of a value that is there. */
  readonly mostDefined: number;
  /** 1 for lists. */
  readonly mostRepeated: 0 | 1;
  /** The definition level at which a list is there, though it may be empty. */
  readonly listDefined: number;
}

export interface ParquetTime {
  readonly type: "date" | "time" | "timestamp";
  readonly unit: TimeUnit;
}

/** A column at the top of the schema. */
export interface ParquetColumn {
  readonly name: string;
  /** Leaves below it: their chunks stand one behind the other in each row group. */
  readonly leaves: number;
  /** Position of its first leaf. */
  readonly firstLeaf: number;
  /** How it is read; the name of its type where it is not. */
  readonly leaf: ParquetLeaf | { readonly unsupported: string };
}

interface Node {
  readonly element: ThriftStruct;
  readonly children: readonly Node[];
}

/** Reads the flattened schema of a footer into its top-level columns. @throws LF_PARQUET_INVALID */
export function leavesFromSchema(elements: readonly ThriftStruct[]): ParquetColumn[] {
  let at = 0;
  const next = (depth: number): Node => {
    const element = elements[at++];
    if (element === undefined || depth > 64) throw invalidParquet("its schema is not whole");
    const count = element.int(5) ?? 0;
    if (count < 0 || count > elements.length) throw invalidParquet(`a column has ${count} children`);
    return { element, children: Array.from({ length: count }, () => next(depth + 1)) };
  };
  const root = next(0);
  if (at !== elements.length) throw invalidParquet("its schema has columns that belong to nothing");
  let firstLeaf = 0;
  return root.children.map((node) => {
    const leaves = countLeaves(node);
    firstLeaf += leaves;
    return {
      name: node.element.text(4) ?? "",
      leaves,
      firstLeaf: firstLeaf - leaves,
      leaf: leafOfNode(node),
    };
  });
}

function countLeaves(node: Node): number {
  return node.children.length === 0 ? 1 : node.children.reduce((sum, child) => sum + countLeaves(child), 0);
}

const REQUIRED = 0;
const REPEATED = 2;

/** Sees through the group or two that make a list; anything else with children is not read. */
function leafOfNode(node: Node): ParquetColumn["leaf"] {
  const { element, children } = node;
  const repetition = element.int(3) ?? REQUIRED;
  const defined = repetition === REQUIRED ? 0 : 1;
  if (children.length === 0) {
    const value = valueOfElement(element);
    if ("unsupported" in value) return value;
    // A repeated leaf is a list that cannot be null.
    const repeated = repetition === REPEATED;
    return { ...value, mostDefined: defined, mostRepeated: repeated ? 1 : 0, listDefined: 0 };
  }
  const [item] = children;
  const isMap = element.int(6) === 1 || element.int(6) === 2 || element.struct(10)?.struct(2) !== undefined;
  if (
    children.length !== 1 ||
    item === undefined ||
    item.element.int(3) !== REPEATED ||
    repetition === REPEATED
  ) {
    return { unsupported: isMap ? "map" : "struct" };
  }
  const inner =
    item.children.length === 0 ? item : item.children.length === 1 ? item.children[0]! : undefined;
  if (inner === undefined || inner.children.length > 0) return { unsupported: isMap ? "map" : "nested list" };
  const value = valueOfElement(inner.element);
  if ("unsupported" in value) return { unsupported: `list of ${value.unsupported}` };
  const innerOptional = inner !== item && (inner.element.int(3) ?? REQUIRED) !== REQUIRED;
  if (inner !== item && inner.element.int(3) === REPEATED) return { unsupported: "nested list" };
  return {
    ...value,
    mostDefined: defined + 1 + (innerOptional ? 1 : 0),
    mostRepeated: 1,
    listDefined: defined,
  };
}

type Value = Pick<ParquetLeaf, "physical" | "width" | "format" | "time"> | { readonly unsupported: string };

/** Converted types that are plain integers, by their number: UINT_8 to INT_64. */
const INTEGERS: Readonly<Record<number, "u" | "i">> = {
  11: "u",
  12: "u",
  13: "u",
  14: "u",
  15: "i",
  16: "i",
  17: "i",
  18: "i",
};
const CONVERTED_NAMES: Readonly<Record<number, string>> = {
  5: "decimal",
  6: "date",
  7: "time",
  8: "time",
  9: "timestamp",
  10: "timestamp",
  19: "json",
  20: "bson",
  21: "interval",
};
/** Members of the union LogicalType. */
const LOGICAL_NAMES: Readonly<Record<number, string>> = {
  5: "decimal",
  6: "date",
  7: "time",
  8: "timestamp",
  12: "json",
  13: "bson",
  14: "uuid",
  16: "variant",
  17: "geometry",
  18: "geography",
};
const FLOAT16 = 15;

function valueOfElement(element: ThriftStruct): Value {
  const physical = PHYSICAL[element.int(1) ?? -1];
  if (physical === undefined)
    throw invalidParquet(`a column is of the physical type ${String(element.int(1))}`);
  const width = element.int(2) ?? 0;
  const converted = element.int(6);
  const logical = element.struct(10);
  const time = timeOfElement(physical, converted, logical);
  if (time !== null) {
    return physical === "int32"
      ? { physical, width: 4, format: "i32", time }
      : { physical, width: 8, format: "i64", time };
  }
  for (const [member, name] of Object.entries(LOGICAL_NAMES)) {
    if (logical?.struct(Number(member)) !== undefined) return { unsupported: name };
  }
  if (converted !== undefined && CONVERTED_NAMES[converted] !== undefined)
    return { unsupported: CONVERTED_NAMES[converted] };
  const unsigned =
    (converted !== undefined && INTEGERS[converted] === "u") || logical?.struct(10)?.boolean(2) === false;
  switch (physical) {
    case "boolean":
      return { physical, width: 0, format: "boolean", time: null };
    case "int32":
      return { physical, width: 4, format: unsigned ? "u32" : "i32", time: null };
    case "int64":
      return { physical, width: 8, format: unsigned ? "u64" : "i64", time: null };
    case "float":
      return { physical, width: 4, format: "f32", time: null };
    case "double":
      return { physical, width: 8, format: "f64", time: null };
    case "bytes":
      return { physical, width: 0, format: "text", time: null };
    case "fixed":
      if (logical?.struct(FLOAT16) !== undefined && width === 2)
        return { physical, width, format: "f16", time: null };
      return { unsupported: "fixed_size_binary" };
    default:
      return { unsupported: physical };
  }
}

/** Units of the union TimeUnit. */
const UNITS: readonly TimeUnit[] = ["ms", "us", "ns"];
/** Converted types that are times, by their number. */
const TIMES: Readonly<Record<number, ParquetTime>> = {
  6: { type: "date", unit: "day" },
  7: { type: "time", unit: "ms" },
  8: { type: "time", unit: "us" },
  9: { type: "timestamp", unit: "ms" },
  10: { type: "timestamp", unit: "us" },
};

/** What a logical type, or the older converted one, says of integers of the width that it must have. */
function timeOfElement(
  physical: PhysicalType,
  converted: number | undefined,
  logical: ThriftStruct | undefined,
): ParquetTime | null {
  const unitOf = (member: number): TimeUnit | undefined =>
    UNITS.find(
      (_, i) =>
        logical
          ?.struct(member)
          ?.struct(2)
          ?.struct(i + 1) !== undefined,
    );
  const [daily, timestamp] = [unitOf(7), unitOf(8)];
  const time =
    timestamp !== undefined
      ? { type: "timestamp" as const, unit: timestamp }
      : daily !== undefined
        ? { type: "time" as const, unit: daily }
        : logical?.struct(6) !== undefined
          ? TIMES[6]
          : TIMES[converted ?? -1];
  if (time === undefined) return null;
  const narrow = time.type === "date" || (time.type === "time" && time.unit === "ms");
  return physical === (narrow ? "int32" : "int64") ? time : null;
}

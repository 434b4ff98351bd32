import type { SchemaTree } from "hyparquet";

/** Names the type of a top-level column where it holds no plain numbers, booleans or texts, nor lists of them. */
export function unsupportedType({ element, children }: SchemaTree): string | undefined {
  const logical = element.logical_type?.type;
  const converted = element.converted_type;
  if (children.length > 0) {
    const item = listItem(children);
    if (item === undefined) return logical === "MAP" || converted === "MAP" ? "map" : "struct";
    const inner = unsupportedType(item);
    return inner === undefined ? undefined : `list of ${inner}`;
  }
  if (logical !== undefined && !["STRING", "ENUM", "INTEGER", "FLOAT16", "NULL", "LIST"].includes(logical)) {
    return logical.toLowerCase();
  }
  if (converted !== undefined && !/^(?:UTF8|ENUM|LIST|U?INT_)/.test(converted))
    return converted.toLowerCase();
  if (element.type === "INT96") return "int96";
  if (element.type === "FIXED_LEN_BYTE_ARRAY" && logical !== "FLOAT16") return "fixed_size_binary";
  return undefined;
}

/** The leaf of a list of plain values: one repeated child, itself the leaf or a group around it. */
function listItem(children: readonly SchemaTree[]): SchemaTree | undefined {
  const [child] = children;
  if (children.length !== 1 || child === undefined || child.element.repetition_type !== "REPEATED")
    return undefined;
  if (child.children.length === 0) return child;
  const [leaf] = child.children;
  return child.children.length === 1 && leaf?.children.length === 0 ? leaf : undefined;
}

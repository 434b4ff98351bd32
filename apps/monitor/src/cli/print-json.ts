import { once } from "node:events";
import type { Writable } from "node:stream";
import { toJson } from "../format/json-text.ts";

/** Characters that are written at once. */
const PIECE = 65_536;

/**
 * Prints one JSON object on one line, a piece at a time: a million groups are longer than a string may be. Waits for
 * whoever reads.
 */
export async function printJson(out: Writable, value: object): Promise<void> {
  let text = "";
  for (const part of jsonParts(value)) {
    text += part;
    if (text.length < PIECE) continue;
    if (!out.write(text)) await once(out, "drain");
    text = "";
  }
  out.write(`${text}\n`);
}

/**
 * The JSON of a value in parts: elements of arrays of objects and of what else can be gone through, and fields that hold
 * such, by themselves.
 */
function* jsonParts(value: unknown): Generator<string> {
  if (isList(value) && !(Array.isArray(value) && !isObject(value[0]))) {
    let before = "[";
    for (const element of value) {
      if (holdsList(element)) {
        yield before;
        yield* jsonParts(element);
      } else yield before + toJson(element);
      before = ",";
    }
    yield before === "[" ? "[]" : "]";
  } else if (isObject(value) && holdsList(value)) {
    let before = "{";
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      yield `${before}${toJson(name)}:`;
      yield* jsonParts(field);
      before = ",";
    }
    yield before === "{" ? "{}" : "}";
  } else yield toJson(value);
}

/** Whether a value is a list, or an object with fields that are. */
function holdsList(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isList(value)) return true;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name in fields) if (isList(fields[name])) return true;
  return false;
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

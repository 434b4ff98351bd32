import { LossflowError } from "@lossflow/core";

/**
 * Parses one line of JSONL. Python writes NaN, Infinity and -Infinity bare, which JSON does not have: they are read as
 * the floats they name. Integers past 2^53 are bigints.
 * @throws LF_BAD_JSON with line and row
 */
export function recordFromJson(
  text: string,
  source: string,
  line: number,
  row: number,
): Readonly<Record<string, unknown>> {
  let value: unknown;
  let parsed = text;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    parsed = withFloatsAs(text, "texts");
    try {
      if (parsed === text) throw cause;
      value = JSON.parse(parsed);
    } catch {
      throw bad(source, line, row, "it is not valid JSON");
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw bad(source, line, row, "it holds no object");
  let record = value as Readonly<Record<string, unknown>>;
  if (LONG_INTEGER.test(parsed))
    record = merged(record, JSON.parse(withQuotedIntegers(parsed)) as typeof record, wholeInteger);
  if (parsed !== text)
    record = merged(record, JSON.parse(withFloatsAs(text, "null")) as typeof record, bareFloat);
  return record;
}

/** What stands where an integer of 16 digits or more does; a text may hold it too. */
const LONG_INTEGER = /[\s:,[]-?[1-9]\d{15,}[\s,\]}]/;

/** Puts quotes around integers past 2^53, which JSON.parse would round. */
function withQuotedIntegers(text: string): string {
  return text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g, (found) =>
    /^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found,
  );
}

/**
 * Puts what `pick` makes of both where one line was parsed in two ways: for each value, and each element of a list. What
 * lies deeper is no column.
 */
function merged(
  record: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
  pick: (value: unknown, other: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      const second = other[key];
      return [
        key,
        Array.isArray(value) && Array.isArray(second)
          ? value.map((each, i) => pick(each, second[i]))
          : pick(value, second),
      ];
    }),
  );
}

/** The bigint, where a number is a text once long integers are quoted. */
function wholeInteger(value: unknown, quoted: unknown): unknown {
  return typeof value === "number" && typeof quoted === "string" ? BigInt(quoted) : value;
}

/** The float, where a text is null once bare floats are nulls. */
function bareFloat(value: unknown, nulled: unknown): unknown {
  return typeof value === "string" && nulled === null ? Number(value) : value;
}

/** Puts something valid in place of bare NaN, Infinity and -Infinity. Strings are left alone. */
function withFloatsAs(text: string, put: "null" | "texts"): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : put === "null" ? put : `"${found}"`,
  );
}

function bad(source: string, line: number, row: number, why: string): LossflowError {
  return new LossflowError(
    "LF_BAD_JSON",
    `${source}, row ${row} (line ${line}): ${why}; give one JSON object a line.`,
    {
      path: source,
      line,
      row,
    },
  );
}

import { LossflowError } from "@lossflow/core";

/**
 * Parses one line of JSONL. Python writes NaN, Infinity and -Infinity bare, which JSON does not have: they are read as
 * the floats they name. Integers past 2^53 are bigints.
 * @throws LF_BAD_JSON with line and row
 */
export function recordFromJson(text: string, source: string, line: number, row: number): JsonRecord {
  let value: unknown;
  let parsed = text;
  let nulled: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    parsed = withFloatsAs(text, (float) => `"${float}"`);
    try {
      if (parsed === text) throw cause;
      value = JSON.parse(parsed);
      // This refuses a float that is a name, as null can be none.
      nulled = JSON.parse(withFloatsAs(text, () => "null"));
    } catch {
      throw bad(source, line, row, "it is not valid JSON");
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw bad(source, line, row, "it holds no object");
  let record = value as JsonRecord;
  if (LONG_INTEGER.test(parsed))
    record = merged(record, JSON.parse(withQuotedIntegers(parsed)) as JsonRecord, wholeInteger);
  return parsed === text ? record : merged(record, nulled as JsonRecord, bareFloat);
}

type JsonRecord = Readonly<Record<string, unknown>>;

/** What stands where an integer of 16 digits or more does; a text may hold it too. */
const LONG_INTEGER = /[\s:,[]-?[1-9]\d{15,}[\s,\]}]/;

/** Puts quotes around integers past 2^53, which JSON.parse would round. */
function withQuotedIntegers(text: string): string {
  return replacedOutsideStrings(text, /\\.|"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE+-])/g, (integer) =>
    Number.isSafeInteger(Number(integer)) ? integer : `"${integer}"`,
  );
}

/**
 * Puts what `pick` makes of both where one line was parsed in two ways: for each value, and each element of a list. What
 * lies deeper is no column.
 */
function merged(
  record: JsonRecord,
  other: JsonRecord,
  pick: (value: unknown, other: unknown) => unknown,
): JsonRecord {
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

/** Puts something valid in place of bare NaN, Infinity and -Infinity. */
function withFloatsAs(text: string, put: (float: string) => string): string {
  return replacedOutsideStrings(text, /\\.|"|-?\b(?:NaN|Infinity)\b/g, put);
}

/**
 * Replaces what a pattern finds outside of strings. It finds quotes and escapes too, one by one: one that took strings whole
 * would overflow the stack where they are long.
 */
function replacedOutsideStrings(text: string, pattern: RegExp, put: (found: string) => string): string {
  let isInString = false;
  return text.replaceAll(pattern, (found) => {
    if (found === '"') isInString = !isInString;
    return isInString || found === '"' || found.startsWith("\\") ? found : put(found);
  });
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

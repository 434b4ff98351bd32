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
    parsed = withQuotedFloats(text);
    try {
      if (parsed === text) throw cause;
      value = JSON.parse(parsed);
    } catch {
      throw bad(source, line, row, "it is not valid JSON");
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw bad(source, line, row, "it holds no object");
  const record = value as Readonly<Record<string, unknown>>;
  return LONG_INTEGER.test(parsed)
    ? withWholeIntegers(record, JSON.parse(withQuotedIntegers(parsed)) as typeof record)
    : record;
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
 * Puts bigints where a value or an element is a number in one parse of a line, and a text in the one with its long
 * integers quoted. What lies deeper is no column.
 */
function withWholeIntegers(
  record: Readonly<Record<string, unknown>>,
  quoted: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const whole = (value: unknown, text: unknown): unknown =>
    typeof value === "number" && typeof text === "string" ? BigInt(text) : value;
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      const text = quoted[key];
      return [
        key,
        Array.isArray(value) && Array.isArray(text)
          ? value.map((each, i) => whole(each, text[i]))
          : whole(value, text),
      ];
    }),
  );
}

/** Puts quotes around bare NaN, Infinity and -Infinity; the readers of numbers take the names. Strings are left alone. */
function withQuotedFloats(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : `"${found}"`,
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

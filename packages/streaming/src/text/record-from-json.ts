import { LossflowError } from "@lossflow/core";

/**
 * Parses one line of JSONL. Python writes NaN, Infinity and -Infinity bare, which JSON does not have: they are read as
 * the floats they name.
 * @throws LF_BAD_JSON with line and row
 */
export function recordFromJson(
  text: string,
  source: string,
  line: number,
  row: number,
): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const mended = withQuotedFloats(text);
    try {
      if (mended === text) throw cause;
      value = JSON.parse(mended);
    } catch {
      throw bad(source, line, row, "it is not valid JSON");
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw bad(source, line, row, "it holds no object");
  return value as Record<string, unknown>;
}

/** Puts quotes around bare NaN, Infinity and -Infinity; the readers of numbers take the names. Strings are left alone. */
function withQuotedFloats(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : `"${found}"`,
  );
}

function bad(source: string, line: number, row: number, why: string): LossflowError {
  return new LossflowError("LF_BAD_JSON", `${source}, line ${line}: ${why}; give one JSON object a line.`, {
    path: source,
    line,
    row,
  });
}

// oxlint-disable-next-line no-control-regex
const INVISIBLE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * Writes one JSON object on one line. Numbers are shortest round-trip decimals; a non-finite one is the string
 * "NaN", "Infinity" or "-Infinity"; a bigint is a string. Controls that a terminal could obey are escaped.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, field: unknown) => {
    if (typeof field === "number" && !Number.isFinite(field)) return String(field);
    return typeof field === "bigint" ? field.toString() : field;
  });
  return text.replace(INVISIBLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

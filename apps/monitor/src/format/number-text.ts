/**
 * Writes a number for a person: `digits` significant digits, thousands separated, very large and very small ones
 * with an exponent. The exact figures stand in `--json`.
 */
export function formatNumber(value: number | null, digits = 6): string {
  if (value === null) return "-";
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return tidyExponent(value.toExponential(digits - 1));
  if (Number.isInteger(value) || size >= 10 ** digits) return formatCount(Math.round(value));
  const text = value.toPrecision(digits);
  if (text.includes("e")) return tidyExponent(text);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Writes a whole number with thousands separators, in any locale the same. */
export function formatCount(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

function tidyExponent(text: string): string {
  const [mantissa, exponent] = text.split("e") as [string, string];
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return `${short}e${exponent.replace("+", "")}`;
}

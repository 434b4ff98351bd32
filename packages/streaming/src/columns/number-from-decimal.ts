const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;
const NON_FINITE = /^([+-]?)(nan|inf|infinity)$/i;

/**
 * Reads the text of a number as CSV writes it, correctly rounded: a decimal, or nan, inf, infinity in any case, with or
 * without a sign. An integer past 2^53 is a bigint, so that no digit is lost; undefined where the text is no number.
 */
export function numberFromDecimal(text: string): number | bigint | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    if (Number.isSafeInteger(value) || !INTEGER.test(text)) return value;
    return BigInt(text.startsWith("+") ? text.slice(1) : text);
  }
  const special = NON_FINITE.exec(text);
  if (special === null) return undefined;
  if (special[2]!.toLowerCase() === "nan") return NaN;
  return special[1] === "-" ? -Infinity : Infinity;
}

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)? ?(Z|UTC|([+-])(\d\d):?(\d\d))?$/i;

/**
 * Reads a time as ISO 8601 and RFC 3339 write it, in microseconds since 1970: a date alone is its midnight, a time
 * without a zone is UTC, digits beyond microseconds are cut off. NaN where the text is none.
 */
export function microsecondsFromText(text: string): number {
  const found = TIME.exec(text.trim());
  if (found === null) return Number.NaN;
  const at = (k: number): number => Number(found[k] ?? 0);
  const [year, month, day, hour, minute, second] = [at(1), at(2), at(3), at(4), at(5), at(6)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  // A minute may have a 61st second.
  if (!isDay || hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const fraction = Number((found[7] ?? "").padEnd(6, "0").slice(0, 6));
  const zone = (found[9] === "-" ? -1 : 1) * (60 * at(10) + at(11));
  const minutes = 60 * hour + minute - zone;
  return date.getTime() * 1000 + (60 * minutes + second) * 1_000_000 + fraction;
}

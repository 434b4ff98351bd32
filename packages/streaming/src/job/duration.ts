import { formatGiven } from "./format-given.ts";
import { badOption } from "./options.ts";

/** A length of time: milliseconds, or a text such as `500ms`, `10s`, `5m`, `1.5h`, `7d`. */
export type Duration = number | string;

const UNITS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1000,
  s: 1e6,
  m: 60e6,
  h: 3600e6,
  d: 86400e6,
};

/** Gives a duration in whole microseconds. `name` is the option's. @throws LF_BAD_OPTION */
export function microsecondsOf(name: string, duration: Duration): number {
  const text = typeof duration === "string" ? duration : "";
  const [, count, unit] = /^(\d+(?:\.\d+)?)(us|ms|s|m|h|d)$/.exec(text) ?? [];
  const microseconds = typeof duration === "number" ? duration * 1000 : Number(count) * UNITS[unit ?? "s"]!;
  if (Number.isSafeInteger(microseconds) && microseconds >= 0) return microseconds;
  throw badOption(
    `${name} is ${formatGiven(duration)}; give milliseconds, or a text such as 500ms, 10s, 5m, 2h, 1d, of whole microseconds.`,
  );
}

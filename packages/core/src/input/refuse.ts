import { LossflowError } from "../error.ts";

/**
 * Refuses an input in one sentence: what and where, what it must be, what it is. `index` counts numbers of a table that is
 * `width` wide, and is Infinity where it is not known; in a table of one column its row is enough.
 * @throws `code`, with the place.
 */
export function refuse(
  code: `LF_${string}`,
  what: string,
  given: unknown,
  expected: string | number,
  index: number = Infinity,
  width: number = 1,
): never {
  const place = index < Infinity && {
    row: Math.floor(index / width),
    ...(width > 1 && { column: index % width }),
  };
  const where = Object.entries(place)
    .map((axis) => axis.join(" "))
    .join(", ");
  const got = textOf(given);
  throw new LossflowError(code, `The ${what}${where && ` in ${where}`} must be ${expected}; got ${got}.`, {
    ...place,
    expected: `${expected}`,
    got,
  });
}

/** What was given, as messages have it, up to 99 letters: its type where it has no text. */
export function textOf(given: unknown): string {
  try {
    return (Array.isArray(given) ? `[${given.join()}]` : String(given)).slice(0, 99);
  } catch {
    return typeof given;
  }
}

/** Refuses a number, or sizes as "2 x 3", that is not the one expected. @throws `code`, with the place. */
export function same(
  code: `LF_${string}`,
  what: string,
  got: unknown,
  expected: string | number,
  index?: number,
): void {
  if (got !== expected) refuse(code, what, got, expected, index);
}

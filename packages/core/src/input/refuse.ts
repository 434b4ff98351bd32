import { LossflowError, type ErrorPlace } from "../error.ts";

/** Refuses an input in one sentence: what and where, what it must be, what it is. @throws `code`, with the place. */
export function refuse(
  code: `LF_${string}`,
  what: string,
  given: unknown,
  expected: string,
  place: ErrorPlace = {},
): never {
  const axes = Object.entries(place).map((axis) => axis.join(" "));
  const where = axes.length > 0 ? ` in ${axes.join(", ")}` : "";
  const got = String(given);
  const message = `The ${what}${where} must be ${expected}; got ${got}.`;
  throw new LossflowError(code, message, { ...place, expected, got });
}

/** Where number `i` of a table `width` numbers wide stands; in a table of one column its row is enough. */
export function placeOf(i: number, width: number): ErrorPlace {
  const row = Math.floor(i / width);
  return width > 1 ? { row, column: i % width } : { row };
}

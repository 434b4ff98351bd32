import { formatCount } from "./number-text.ts";

/** Writes a count with its noun: `1 point`, `18,865 points`. */
export function formatPlural(count: number | bigint, noun: string, many = `${noun}s`): string {
  return `${formatCount(count)} ${Number(count) === 1 ? noun : many}`;
}

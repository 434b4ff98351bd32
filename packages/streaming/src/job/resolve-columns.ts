import { LossflowError, nearestNames } from "@lossflow/core";
import type { ColumnNames } from "./options.ts";

/** A refusal lists this many names at most. */
const MOST_LISTED = 100;

/**
 * Finds the columns that names and patterns stand for, in their order; a pattern's in the order of the numbers in it.
 * @throws LF_UNKNOWN_COLUMN listing the columns there are; LF_AMBIGUOUS_COLUMN where a name stands twice.
 */
export function resolveColumns(names: ColumnNames, columns: readonly string[], source: string): string[] {
  const list = typeof names === "string" ? splitNames(names, columns) : names;
  return list.flatMap((name) => {
    const count = columns.filter((column) => column === name).length;
    if (count === 1) return [name];
    if (count > 1) {
      throw new LossflowError(
        "LF_AMBIGUOUS_COLUMN",
        `${source} has ${count} columns named ${JSON.stringify(name)}; rename one.`,
        {
          path: source,
          column: name,
        },
      );
    }
    const matching = name.includes("*") ? matchPattern(name, columns) : [];
    if (matching.length > 0) return matching;
    throw unknownColumn(name, columns, source);
  });
}

function splitNames(names: string, columns: readonly string[]): readonly string[] {
  return columns.includes(names) ? [names] : names.split(",").map((name) => name.trim());
}

function matchPattern(pattern: string, columns: readonly string[]): string[] {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join("(.*?)")}$`, "su");
  return columns
    .flatMap((column) => {
      const match = expression.exec(column);
      return match === null ? [] : [{ column, key: match.slice(1) }];
    })
    .sort((a, b) => compareNatural(a.key, b.key))
    .map(({ column }) => column);
}

/** p_2 before p_10; texts by their characters, after numbers. */
function compareNatural(a: readonly string[], b: readonly string[]): number {
  for (const [i, left] of a.entries()) {
    const right = b[i] ?? "";
    const bothDigits = /^\d+$/.test(left) && /^\d+$/.test(right);
    if (bothDigits && Number(left) !== Number(right)) return Number(left) - Number(right);
    if (!bothDigits && left !== right) {
      if (/^\d+$/.test(left)) return -1;
      if (/^\d+$/.test(right)) return 1;
      return left < right ? -1 : 1;
    }
  }
  return 0;
}

function unknownColumn(name: string, columns: readonly string[], source: string): LossflowError {
  const near = nearestNames(name, columns);
  const hint = near.length === 0 ? "" : ` Did you mean ${near.join(", ").replace(/, (?=[^,]*$)/, " or ")}?`;
  const listed = columns.slice(0, MOST_LISTED).join(", ");
  const more = columns.length > MOST_LISTED ? `, and ${columns.length - MOST_LISTED} more` : "";
  const what = name.includes("*") ? "column that matches" : "column";
  return new LossflowError(
    "LF_UNKNOWN_COLUMN",
    `${source} has no ${what} ${JSON.stringify(name)}.${hint} It has ${listed === "" ? "no columns" : listed + more}.`,
    { path: source, column: name },
  );
}

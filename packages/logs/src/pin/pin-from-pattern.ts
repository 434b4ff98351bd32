import { LossflowError } from "@lossflow/core";
import { RE2JS } from "re2js";
import { axisFromName } from "../axes.ts";
import { byteText } from "../bytes/byte-text.ts";
import { NumberScanner } from "../bytes/number-scanner.ts";
import type { PinnedFormat } from "../format.ts";
import type { LineField } from "../text/line-reading.ts";

/**
 * Pins a log's format with a regular expression in RE2's syntax: each named group, `(?P<loss>\S+)` or `(?<loss>\S+)`, is a number
 * of a line: the step, epoch, time or rank where it is named so, else a point of the series of that name. The expression
 * may match anywhere in a line. RE2 takes time in proportion to the line, whatever the expression.
 *
 * @throws LossflowError `LF_BAD_OPTION` where the expression is none, or names no group.
 */
export function pinFromPattern(pattern: string): PinnedFormat {
  const compiled = compile(pattern);
  const names = Object.entries(compiled.namedGroups()).map(([name, group]) => ({ name, group }));
  if (names.length === 0)
    throw badPattern(pattern, "it names no group: write the number's place as (?<loss>\\S+)");
  if (names.every(({ name }) => axisFromName(name) !== null))
    throw badPattern(pattern, "its groups name a place alone: name one that measures, as (?<loss>\\S+)");
  return pinnedFormat("pattern", pattern, compiled, names, false);
}

/** Makes the format that reads lines by an expression; `repeats`: lines that differ in their numbers alone mean the same. */
export function pinnedFormat(
  kind: PinnedFormat["kind"],
  text: string,
  pattern: RE2JS,
  groups: readonly { readonly name: string; readonly group: number }[],
  repeats: boolean,
): PinnedFormat {
  const numbers = new NumberScanner();
  const bytes = new Uint8Array(64);
  const spellsNumber = (word: string): boolean => {
    if (word.length === 0 || word.length > bytes.length) return false;
    for (let i = 0; i < word.length; i++) bytes[i] = word.charCodeAt(i);
    return numbers.scan(bytes, 0, word.length) === word.length;
  };
  return {
    kind,
    text,
    grammar: {
      id: "pinned",
      title: `Lines like the ${kind} given`,
      create: () => (line) => {
        const matcher = pattern.matcher(line);
        if (!matcher.find()) return null;
        const fields: LineField[] = [];
        for (const { name, group } of groups) {
          const start = matcher.start(group);
          const end = matcher.end(group);
          if (start < 0 || !spellsNumber(line.slice(start, end))) continue;
          const role = axisFromName(name);
          fields.push(
            role === null ? { start, end, role: "point", name: spelled(name) } : { start, end, role },
          );
        }
        if (fields.length === 0) return null;
        fields.sort((a, b) => a.start - b.start);
        const apart = fields.filter((field, i) => i === 0 || field.start >= fields[i - 1]!.end);
        return { fields: apart, literals: [[matcher.start(), matcher.end()]], repeats };
      },
    },
  };
}

/** Lines are read as their bytes, one character each, so an expression is matched in that spelling too. */
export function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(spelled(pattern));
  } catch (error) {
    throw badPattern(pattern, error instanceof Error ? error.message : String(error));
  }
}

function spelled(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return byteText(bytes, 0, bytes.length);
}

function badPattern(pattern: string, why: string): LossflowError {
  return new LossflowError("LF_BAD_OPTION", `The pattern ${pattern} cannot be used: ${why}.`, {
    expected: "a regular expression in RE2's syntax with named groups",
    got: pattern,
  });
}

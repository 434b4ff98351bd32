import { LossflowError } from "@lossflow/core";
import { RE2JS } from "re2js";
import { axisFromName } from "../axes.ts";
import type { PinnedFormat } from "../format.ts";
import { linePrefix } from "../text/line-prefix.ts";
import { pairsOf, seriesFromWords } from "../text/pairs.ts";
import { compile, pinnedFormat } from "./pin-from-pattern.ts";

const NUMBER =
  "[-+]?(?:1\\.#[A-Z]+\\d*|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|(?i:nan(?:\\(\\w*\\))?|inf(?:inity)?))";
const PLACEHOLDER = /\{([^{}]*)\}/g;
const ANY = /^[*_]?$/;

interface Part {
  readonly start: number;
  readonly end: number;
  /** Null for a stretch that may be anything. */
  readonly name: string | null;
}

/**
 * Pins a log's format with one line of it: either with the numbers' places written as names, `step {step} loss {loss}` (`{*}` stands
 * for any text), or a line as it stands in the log, whose numbers are named by the words before them. Further lines match
 * anywhere, with other numbers and any blanks between words.
 *
 * @throws LossflowError `LF_BAD_OPTION` where no number of the line has a name.
 */
export function pinFromLine(text: string): PinnedFormat {
  const written = partsOfTemplate(text);
  const begin = written.length > 0 ? 0 : linePrefix(text).end;
  const parts = written.length > 0 ? written : partsOfSample(text, begin);
  const names: { name: string; group: number }[] = [];
  let pattern = "";
  let at = begin;
  for (const { start, end, name } of parts) {
    pattern += literal(text.slice(at, start), written.length === 0);
    if (name === null) pattern += ".*?";
    else {
      names.push({ name, group: names.length + 1 });
      pattern += `(${NUMBER})`;
    }
    at = end;
  }
  pattern += literal(text.slice(at).trimEnd(), written.length === 0);
  if (!names.some(({ name }) => axisFromName(name) === null)) {
    throw new LossflowError(
      "LF_BAD_OPTION",
      `The line "${text}" names no number that measures: write the numbers' places as names, as in "step {step} loss {loss}".`,
      { expected: "a line with a named number", got: text },
    );
  }
  return pinnedFormat("line", text, compile(pattern), names, true);
}

function partsOfTemplate(text: string): Part[] {
  return Array.from(text.matchAll(PLACEHOLDER), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    name: ANY.test(match[1]!) ? null : match[1]!.trim(),
  }));
}

function partsOfSample(text: string, begin: number): Part[] {
  return pairsOf(text, begin, true).map(({ name, start, end }) => {
    const last = name.slice(name.lastIndexOf(" ") + 1).replace(/\.$/, "");
    const word = axisFromName(name) ?? axisFromName(last);
    return { start, end, name: word ?? seriesFromWords(name) };
  });
}

/** Blanks match any blanks; of a sample, numbers without a name match any number. */
function literal(text: string, isSample: boolean): string {
  const pieces = text.split(isSample ? /(\s+|[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/ : /(\s+)/);
  return pieces
    .map((piece, i) => {
      if (i % 2 === 0) return RE2JS.quote(piece);
      return piece.trim() === "" ? "\\s+" : NUMBER;
    })
    .join("");
}

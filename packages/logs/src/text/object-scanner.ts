import { byteText, textFromBytes } from "../bytes/byte-text.ts";
import { NUMBER } from "./number-pattern.ts";

/** A value inside an object: where its content stands (without quotes), and under which keys. */
export interface Leaf {
  /** Keys joined with "/". */
  readonly path: string;
  readonly kind: "number" | "string" | "other";
  readonly start: number;
  readonly end: number;
}

/** An object found in a line. */
export interface ScannedObject {
  readonly leaves: readonly Leaf[];
  readonly end: number;
}

const DEEPEST = 200;
const NUMBER_HERE = new RegExp(NUMBER, "y");
/** A list of one number is that number. */
const ONLY_NUMBER = new RegExp(`(\\[[ \\t]*)(${NUMBER})[ \\t]*\\]`, "y");
const NAME = /[A-Za-z_][\w.]*/y;

/**
 * Scans the object that begins at `start` of `line`: JSON, with the NaN and Infinity that Python writes, or a Python
 * `repr` (single quotes, True, None, tuples, `np.float64(0.5)`). Members of lists have no name and are no leaves, save the one number of a list.
 * Returns null where the object is malformed or cut.
 */
export function scanObject(line: string, start: number): ScannedObject | null {
  const leaves: Leaf[] = [];
  let i = start;

  const blanks = (): void => {
    while (i < line.length && (line[i] === " " || line[i] === "\t")) i++;
  };
  const quoted = (): readonly [number, number] | null => {
    const quote = line[i];
    const from = i + 1;
    for (i = from; i < line.length; i++) {
      if (line[i] === "\\") i++;
      else if (line[i] === quote) return [from, i++];
    }
    return null;
  };
  const leaf = (path: string | null, kind: Leaf["kind"], from: number, to: number): void => {
    if (path !== null) leaves.push({ path, kind, start: from, end: to });
  };

  const value = (path: string | null, depth: number): boolean => {
    if (depth > DEEPEST) return false;
    blanks();
    const c = line[i];
    if (c === "{") return members(path, depth);
    if (c === "[" || c === "(") {
      const close = c === "[" ? "]" : ")";
      const from = i++;
      for (blanks(); line[i] !== close; blanks()) {
        if (!value(null, depth + 1)) return false;
        blanks();
        if (line[i] === ",") i++;
        else if (line[i] !== close) return false;
      }
      i++;
      ONLY_NUMBER.lastIndex = from;
      const only = c === "[" ? ONLY_NUMBER.exec(line) : null;
      if (only !== null)
        leaf(path, "number", from + only[1]!.length, from + only[1]!.length + only[2]!.length);
      return true;
    }
    if (c === '"' || c === "'") {
      const span = quoted();
      if (span === null) return false;
      NUMBER_HERE.lastIndex = span[0];
      const numeric = NUMBER_HERE.test(line) && NUMBER_HERE.lastIndex === span[1];
      leaf(path, numeric ? "number" : "string", span[0], span[1]);
      return true;
    }
    NUMBER_HERE.lastIndex = i;
    if (NUMBER_HERE.test(line)) {
      const from = i;
      i = NUMBER_HERE.lastIndex;
      leaf(path, "number", from, i);
      return true;
    }
    NAME.lastIndex = i;
    if (!NAME.test(line)) return false;
    const from = i;
    i = NAME.lastIndex;
    if (line[i] !== "(") {
      leaf(path, "other", from, i);
      return true;
    }
    return call(path, depth);
  };

  /** `np.float64(0.5)`, `tensor(0.5, device='cuda:0')`: the first argument is the value. */
  const call = (path: string | null, depth: number): boolean => {
    i++;
    blanks();
    if (line[i] !== ")" && !value(path, depth + 1)) return false;
    while (i < line.length && line[i] !== ")") {
      if (line[i] !== '"' && line[i] !== "'") i++;
      else if (quoted() === null) return false;
    }
    return line[i++] === ")";
  };

  const members = (path: string | null, depth: number): boolean => {
    i++;
    for (blanks(); line[i] !== "}"; blanks()) {
      if (line[i] !== '"' && line[i] !== "'") return false;
      const span = quoted();
      if (span === null) return false;
      blanks();
      if (line[i++] !== ":") return false;
      const key = keyText(line.slice(span[0], span[1]));
      if (!value(path === null ? null : path === "" ? key : `${path}/${key}`, depth + 1)) return false;
      blanks();
      if (line[i] === ",") i++;
      else if (line[i] !== "}") return false;
    }
    i++;
    return true;
  };

  if (line[i] !== "{" || !members("", 0)) return null;
  return { leaves, end: i };
}

/** Resolves the escapes of a key, spelled in bytes before and after; a key with a broken one is kept as it stands. */
function keyText(raw: string): string {
  if (!raw.includes("\\")) return raw;
  try {
    const key: unknown = JSON.parse(`"${textFromBytes(raw)}"`);
    if (typeof key !== "string") return raw;
    const bytes = new TextEncoder().encode(key);
    return byteText(bytes, 0, bytes.length);
  } catch {
    return raw;
  }
}

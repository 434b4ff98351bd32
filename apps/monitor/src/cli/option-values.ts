import { formatNameList } from "../format/name-list.ts";
import { UsageError } from "./usage-error.ts";

/** Collects the values of a flag that may be given again. */
export function repeated(text: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}

/** Reads a name, which has at least one character. */
export function nameOf(flag: string): (text: string) => string {
  return (text) => {
    if (text === "") throw new UsageError(`${flag} takes a name, not "".`);
    return text;
  };
}

/** Reads a whole number of at least `least`. */
export function wholeNumberOf(flag: string, least: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new UsageError(`${flag} takes a whole number of at least ${least}, not ${JSON.stringify(text)}.`);
    }
    return value;
  };
}

/** Reads a finite number, of at least `least` where it is given. */
export function numberOf(flag: string, least?: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || value < (least ?? -Infinity)) {
      const bound = least === undefined ? "" : ` of at least ${least}`;
      throw new UsageError(`${flag} takes a number${bound}, not ${JSON.stringify(text)}.`);
    }
    return value;
  };
}

/** Reads one of several names. */
export function choiceOf(flag: string, names: readonly string[]): (text: string) => string {
  return (text) => {
    if (names.includes(text)) return text;
    throw new UsageError(`${flag} takes ${formatNameList(names)}, not ${JSON.stringify(text)}.`, text, names);
  };
}

/** Reads a list separated by commas, without empty parts; with `names`, only those. */
export function listOf(flag: string, names?: readonly string[]): (text: string) => string[] {
  return (text) => {
    const parts = text.split(",").map((part) => part.trim());
    if (parts.includes("")) {
      throw new UsageError(`${flag} takes names separated by commas, not ${JSON.stringify(text)}.`);
    }
    return names === undefined ? parts : parts.map(choiceOf(flag, names));
  };
}

/** Reads shares from 0 to 1, separated by commas. */
export function sharesOf(flag: string): (text: string) => number[] {
  return (text) =>
    text.split(",").map((part) => {
      const share = part.trim() === "" ? Number.NaN : Number(part);
      if (share >= 0 && share <= 1) return share;
      throw new UsageError(
        `${flag} takes numbers from 0 to 1, such as 0.5,0.99, not ${JSON.stringify(text)}.`,
      );
    });
}

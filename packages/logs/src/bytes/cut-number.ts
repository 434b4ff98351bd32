import { byteText } from "./byte-text.ts";

/** Bytes in which like numbers are looked for. */
const KEPT = 4096;
/** C and Python print exponents of at least two figures. */
const TWO_FIGURES = /e[-+]?\d{2,}$/i;
/** Different numbers of as many decimals, none of which need end in a 0: they are not so by chance. */
const ENOUGH = 8;
const NUMBER_AT_END = /(?<![\w.])[-+]?\d+(?:\.\d*)?(?:e[-+]?\d*)?$/i;
/** An exponent of no figure, or of a single 0, as no printer ends it. */
const CUT_EXPONENT = /e[-+]?0?$/i;
const NAME_AT_END = /[A-Za-z_]\w* ?[:= ] ?$/;

/**
 * Tells whether a log breaks off inside a number: in its exponent, or where those before it in its column, or under its
 * name, are all printed to as many decimals and it has fewer, or with exponents of two figures and it has none. Keeps the
 * last bytes of the log, for values alone do not tell how they were printed.
 */
export class CutNumber {
  readonly #bytes = new Uint8Array(KEPT);
  #length = 0;

  /** Takes the next bytes of the log. */
  write(chunk: Uint8Array): void {
    const added = chunk.subarray(Math.max(0, chunk.length - KEPT));
    const stays = Math.min(this.#length, KEPT - added.length);
    this.#bytes.copyWithin(0, this.#length - stays, this.#length);
    this.#bytes.set(added, stays);
    this.#length = stays + added.length;
  }

  /** Whether the log, should it end here, ends in a cut number. */
  isCut(): boolean {
    const text = byteText(this.#bytes, 0, this.#length).replaceAll(/[ \t]+/g, " ");
    const number = NUMBER_AT_END.exec(text)?.[0];
    if (number === undefined) return false;
    if (CUT_EXPONENT.test(number)) return true;
    const before = text.slice(0, -number.length);
    const name = NAME_AT_END.exec(before)?.[0];
    const others = name === undefined ? numbersOfColumn(before) : numbersNamed(before, name);
    const [decimals = 0, ...more] = new Set(others.map(decimalsOf));
    const isFixed = others.some((other) => /\.\d+0$/.test(other)) || new Set(others).size >= ENOUGH;
    if (others.length > 0 && others.every((other) => TWO_FIGURES.test(other)))
      return !TWO_FIGURES.test(number);
    return isFixed && more.length === 0 && decimalsOf(number) < decimals;
  }
}

/** The last numbers of the lines that are like the last one before its own. */
function numbersOfColumn(text: string): string[] {
  const lines = text.split(/[\r\n]+/);
  const skeleton = skeletonOf(lines.pop()!);
  return lines.flatMap((line) => {
    const number = NUMBER_AT_END.exec(line)?.[0];
    return number !== undefined && skeletonOf(line.slice(0, -number.length)) === skeleton ? [number] : [];
  });
}

function numbersNamed(text: string, name: string): string[] {
  const parts = text.split(name).slice(1);
  return parts.flatMap((part) => /^[-+]?\d[\d.]*(?:e[-+]?\d+)?/i.exec(part) ?? []);
}

function skeletonOf(text: string): string {
  return text.replaceAll(/[-+]?\d[\d.]*(?:e[-+]?\d+)?/gi, "0");
}

/** NaN of a number with an exponent. */
function decimalsOf(number: string): number {
  return /e/i.test(number) ? NaN : (number.split(".")[1] ?? "").length;
}

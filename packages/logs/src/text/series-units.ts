import type { LineField } from "./line-reading.ts";

/** What the values of a field are multiplied by: `times`, and as many powers of ten. */
export interface Scale {
  readonly times: number;
  readonly tens: number;
}

type Units = Readonly<Record<string, Scale>>;

const tens = (power: number): Scale => ({ times: 1, tens: power });
const times = (count: number): Scale => ({ times: count, tens: 0 });
const [KIBI, MEBI, GIBI, TEBI] = [times(2 ** 10), times(2 ** 20), times(2 ** 30), times(2 ** 40)];
const ONE = tens(0);

const COUNTS: Units = { "": ONE, k: tens(3), K: tens(3), M: tens(6), G: tens(9), B: tens(9), T: tens(12) };
/** What is in use of a memory is counted in powers of 1024, whatever the letter. */
const MEMORY: Units = { "": ONE, k: KIBI, K: KIBI, M: MEBI, G: GIBI, T: TEBI };
const FAMILIES: readonly Units[] = [
  { B: ONE, KiB: KIBI, MiB: MEBI, GiB: GIBI, TiB: TEBI },
  { B: ONE, KB: tens(3), kB: tens(3), MB: tens(6), GB: tens(9), TB: tens(12) },
  {
    ns: tens(-9),
    us: tens(-6),
    ms: tens(-3),
    s: ONE,
    sec: ONE,
    secs: ONE,
    seconds: ONE,
    min: times(60),
    minutes: times(60),
    h: times(3600),
    hours: times(3600),
  },
];

/**
 * Keeps each series in one unit, that of its first value: of `950` and `1.5k` the second is 1500. Where one unit is no
 * multiple of the other the figure stands as it is printed.
 */
export class SeriesUnits {
  readonly #firsts = new Map<string, string>();

  /** How the values of the fields are scaled; null where all stand as printed. */
  scales(fields: readonly LineField[]): readonly (Scale | null)[] | null {
    const scales = fields.map((field) => this.#scale(field));
    return scales.every((scale) => scale === null) ? null : scales;
  }

  #scale({ name, unit }: LineField): Scale | null {
    if (name === undefined || unit === undefined) return null;
    const first = this.#firsts.get(name);
    if (first === undefined) this.#firsts.set(name, unit);
    if (first === undefined || first === unit) return null;
    const families = [/mem|ram\b/i.test(name) ? MEMORY : COUNTS, ...FAMILIES];
    const family = families.find((units) => Object.hasOwn(units, first) && Object.hasOwn(units, unit));
    if (family === undefined) return null;
    const [from, to] = [family[unit]!, family[first]!];
    return { times: from.times / to.times, tens: from.tens - to.tens };
  }
}

/** Scales values in place, powers of ten by the decimals: 1.005 thousands are 1005, not 1004.9999999999999. */
export function scaleValues(values: Float64Array, scales: readonly (Scale | null)[] | null): void {
  if (scales === null) return;
  for (const [i, scale] of scales.entries()) {
    if (scale === null || !Number.isFinite(values[i])) continue;
    const [digits, exponent = "0"] = String(values[i]! * scale.times).split("e");
    values[i] = Number(`${digits}e${Number(exponent) + scale.tens}`);
  }
}

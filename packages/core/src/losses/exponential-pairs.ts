/**
 * Turns x[0 .. count), all <= 0 or NaN, into e^x as sums of two doubles, x[i] + rests[i], the first being the nearest to
 * the sum: a power of it then multiplies no rounding. The error is below 2^-59 of it, down to 2^-1022.
 *
 * e^x = 2^-n 2^(i / 64) e^r with |r| <= ln 2 / 128: the powers from a table, e^r by its series, whose terms from r on are
 * so small that their rounding does not matter.
 */
export function toExponentialPairs(x: Float64Array, rests: Float64Array, count: number): void {
  const powers = (table ??= createTable());
  for (let i = 0; i < count; i++) {
    // Below, e^x is 0; NaN stays.
    const v = x[i]! < -746 ? -746 : x[i]!;
    const k = (v * STEPS - 0.5) | 0;
    const r = v - k * STEP - k * STEP_REST;
    const at = (k & 63) << 1;
    const scale = powers[128 - (k >> 6)]!;
    const power = powers[at]!;
    const series = r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r / 720))));
    const rest = powers[at + 1]! + power * series;
    const head = power + rest;
    x[i] = head * scale;
    rests[i] = (rest - (head - power)) * scale;
  }
}

/** 64 / ln 2, and ln 2 / 64 as a part that every k multiplies without error, and the rest. */
const STEPS = 64 * Math.LOG2E;
const STEP = 0.010830424696223417;
const STEP_REST = 2.572804622327669e-14;

let table: Float64Array | undefined;

/** 2^(i / 64 - 1) as pairs, for i from 0 to 63, and from 128 on 2, 1, 1/2, 1/4, ... */
function createTable(): Float64Array {
  const powers = new Float64Array(1208);
  for (let i = 0, power = 1n << 120n; i < 64; i++, power = (power * ROOT) >> 120n) {
    const head = Number(power);
    powers[2 * i] = head / 2 ** 121;
    powers[2 * i + 1] = Number(power - BigInt(head)) / 2 ** 121;
  }
  for (let i = 128, scale = 2; i < 1208; i++, scale /= 2) powers[i] = scale;
  return powers;
}

/** 2^(1 / 64) times 2^120. */
const ROOT = 1343702339658946315183883742541916606n;

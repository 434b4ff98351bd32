import { LIMBS } from "./exact-sum";

/*
 * The running state of one fold, a record in memory. src/state-record.ts reads it: keep the two together.
 */
export const FINITE: usize = 0;
export const NAN: usize = 8;
export const POSITIVE: usize = 16;
export const NEGATIVE: usize = 24;
export const MIN: usize = 32;
export const MIN_ROW: usize = 40;
export const MAX: usize = 48;
export const MAX_ROW: usize = 56;
/** The first loss that is not finite, and its row. */
export const ODD: usize = 64;
export const ODD_ROW: usize = 72;
/** i32: the exponent of the window that fitted last. */
export const WINDOW: usize = 80;
/** i32: additions since carries were moved. */
export const LOAD: usize = 84;
/** i32: blocks by the way that they were added. */
export const QUICK_BLOCKS: usize = 88;
export const SLOW_BLOCKS: usize = 92;
/** Pauses (pause.ts) of the way by windows and of the plain one. */
export const WINDOW_PAUSE: usize = 96;
export const PLAIN_PAUSE: usize = 104;
/** i32: how many more passes let zeros by. */
export const ZEROS: usize = 112;
export const SUM: usize = 128;
export const WEIGHT_SUM: usize = 128 + ((<usize>LIMBS) << 3);
export const SQUARE_SUM: usize = 128 + 2 * ((<usize>LIMBS) << 3);
export const STATE_BYTES: usize = 128 + 3 * ((<usize>LIMBS) << 3);

export function clear(state: usize): void {
  memory.fill(state, 0, STATE_BYTES);
  store<f64>(state, Infinity, MIN);
  store<f64>(state, -Infinity, MAX);
  store<f64>(state, -1, MIN_ROW);
  store<f64>(state, -1, MAX_ROW);
  store<f64>(state, -1, ODD_ROW);
}

import { RunningLoss, type RunningLossOptions, type RunningLossState } from "@lossflow/core";

/*
 * The running state that the kernels keep in memory, as assembly/state.ts lays it out: keep the two together.
 */
const LIMBS = 68;
const SUMS = 128;
/** Bytes of one state. */
export const STATE_BYTES: number = SUMS + 3 * 8 * LIMBS;

/** How many blocks of 512 went which way; the sums do not depend on it. */
export interface BlockCounts {
  /** Plainly, or by the window of the block before. */
  readonly quick: number;
  /** Level by level, whatever they hold. */
  readonly careful: number;
}

/** A loss that was NaN or infinite, and its row. */
export interface OddLoss {
  readonly value: number;
  readonly row: number;
}

/** The first loss of a state that is not finite; null where there is none. */
export function firstOddLoss(buffer: ArrayBufferLike, state: number): OddLoss | null {
  const numbers = new Float64Array(buffer, state, 10);
  return numbers[9]! < 0 ? null : { value: numbers[8]!, row: numbers[9]! };
}

export function blockCounts(buffer: ArrayBufferLike, state: number): BlockCounts {
  const numbers = new Int32Array(buffer, state + 88, 2);
  return { quick: numbers[0]!, careful: numbers[1]! };
}

/** Reads a state whose carries have been moved as a running loss. */
export function runningLossFromRecord(
  buffer: ArrayBufferLike,
  state: number,
  options: RunningLossOptions,
  weighted: boolean,
): RunningLossState {
  const fields = new Float64Array(buffer, state, 10);
  const field = (i: number): number => fields[i]!;
  const finite = field(0);
  const running = RunningLoss.create(options);
  running.finite = finite;
  if (finite > 0) {
    running.min = field(4);
    running.minRow = field(5);
    running.max = field(6);
    running.maxRow = field(7);
  }
  addLimbs(running.sum, buffer, state + SUMS);
  if (weighted) addLimbs(running.weightSum, buffer, state + SUMS + 8 * LIMBS);
  else running.weightSum.add(finite);
  if (running.squares !== null && !weighted) {
    addLimbs(running.squares.sum, buffer, state + SUMS + 16 * LIMBS);
    running.squares.weightSum.add(finite);
  }
  for (const [i, value] of [Number.NaN, Infinity, -Infinity].entries()) {
    if (field(i + 1) > 0) RunningLoss.addRepeated(running, value, field(i + 1));
  }
  return running;
}

function addLimbs(sum: RunningLossState["sum"], buffer: ArrayBufferLike, at: number): void {
  const limbs = new BigInt64Array(buffer, at, LIMBS);
  for (let i = 0; i < LIMBS; i++) {
    if (limbs[i] !== 0n) sum.add(Number(limbs[i]), 32 * i - 1074);
  }
}

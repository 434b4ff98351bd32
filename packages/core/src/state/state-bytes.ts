import { checkState } from "./check-row.ts";
import { refuse, same } from "../input/refuse.ts";
import { bytesFromSum } from "../sum/bytes-from-sum.ts";
import { sumFromBytes } from "../sum/sum-from-bytes.ts";
import { unreadable } from "../sum/unreadable.ts";
import { viewOfBytes } from "../sum/view-of-bytes.ts";
import { addCounts, type Count } from "./count.ts";
import { COUNTS, sumsOf } from "./merge-states.ts";
import { sealOf } from "./seal.ts";
import { create, MAX_PARTS, POLICIES, type RunningLossState } from "./running-loss-state.ts";

/**
 * Writes a running state as bytes that {@link fromBytes} reads on any machine. Equal states give equal bytes, whatever
 * the order in which their rows came.
 *
 * Little-endian: "LFRL", a byte of version, one of options, one of parts, one of non-finite terms, uint32 bits of the
 * weighted parts, seven uint64 counts, float64 min, minRow, max, maxRow, then the exact sums, each after its uint32
 * length, and the FNV-1a hash of all that as uint32, which betrays any single damaged byte.
 * @throws LF_COUNT for a count of 2^64 or more.
 */
export function toBytes(state: RunningLossState): Uint8Array {
  checkState(state);
  const sums = sumsOf(state).map(bytesFromSum);
  const bytes = new Uint8Array(sums.reduce((size, sum) => size + 4 + sum.length, HEADER + 4));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  bytes[4] = VERSION;
  bytes[5] =
    POLICIES.indexOf(state.nanPolicy) | (state.zeroWeight === "multiply" ? 4 : 0) | (state.squares ? 8 : 0);
  bytes[6] = state.parts.length;
  bytes[7] = state.nonFiniteTerms;
  view.setUint32(
    8,
    state.parts.reduce((bits, { weighted }, k) => bits | (+weighted << k), 0),
    true,
  );
  COUNTS.forEach((name, k) => view.setBigUint64(12 + 8 * k, uint64(state[name]), true));
  EXTREMES.forEach((name, k) => view.setFloat64(68 + 8 * k, state[name], true));
  let at = HEADER;
  for (const sum of sums) {
    view.setUint32(at, sum.length, true);
    bytes.set(sum, at + 4);
    at += 4 + sum.length;
  }
  view.setUint32(at, sealOf(bytes, at), true);
  return bytes;
}

/**
 * Reads what {@link toBytes} wrote.
 * @throws LF_STATE_UNKNOWN for other bytes, LF_STATE_VERSION for a later version, LF_STATE_DAMAGED where they are cut
 *   or changed.
 */
export function fromBytes(bytes: Uint8Array): RunningLossState {
  const view = viewOfBytes(bytes);
  if (view.byteLength < 5 || view.getUint32(0, true) !== MAGIC) {
    unreadable("LF_STATE_UNKNOWN", "no running loss");
  }
  same("LF_STATE_VERSION", "version of a running loss", bytes[4], VERSION);
  const end = view.byteLength - 4;
  if (end < HEADER || view.getUint32(end, true) !== sealOf(bytes, end)) damaged();
  const options = bytes[5]!;
  const count = bytes[6]!;
  const bits = view.getUint32(8, true);
  if (options > 15 || count > MAX_PARTS || bits >= 2 ** count || bytes[7]! > 7) damaged();
  const state = create({
    nan: POLICIES[options & 3]!,
    zeroWeight: options & 4 ? "multiply" : "ignore",
    squares: (options & 8) !== 0,
    parts: Array.from({ length: count }, (_, k) => ({ weighted: (bits & (1 << k)) !== 0 })),
  });
  state.nonFiniteTerms = bytes[7]!;
  COUNTS.forEach((name, k) => (state[name] = addCounts(0, view.getBigUint64(12 + 8 * k, true))));
  EXTREMES.forEach((name, k) => (state[name] = view.getFloat64(68 + 8 * k, true)));
  if (!hasExtremes(state)) damaged();
  let at = HEADER;
  for (const sum of sumsOf(state)) {
    const next = at + 4 + view.getUint32(at, true);
    if (next > end) damaged();
    sum.merge(sumFromBytes(bytes.subarray(at + 4, next)));
    at = next;
  }
  if (at !== end) damaged();
  return state;
}

const MAGIC = 0x4c52464c; // "LFRL"
const VERSION = 1;
const HEADER = 100;
const EXTREMES = ["min", "minRow", "max", "maxRow"] as const;

/** Whether minimum and maximum are both there or both absent, and their rows are rows. */
function hasExtremes({ min, minRow, max, maxRow }: RunningLossState): boolean {
  const isEmpty = [min, -max, minRow, maxRow].every((x) => x === Infinity);
  return isEmpty || (min > -Infinity && min <= max && max < Infinity && minRow >= 0 && maxRow >= 0);
}

function uint64(count: Count): bigint {
  if (!(count < 2 ** 64)) refuse("LF_COUNT", "count in bytes", count, "below 2^64");
  return BigInt(count);
}

function damaged(): never {
  unreadable("LF_STATE_DAMAGED", "a cut or changed running loss");
}

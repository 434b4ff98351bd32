import { LossflowError } from "../error.ts";
import { numbersOf } from "../sum/numbers-of.ts";
import type { TakeDoubles } from "../sum/take-doubles.ts";

/** The most cells that a table has. */
export const MOST_CELLS: number = 2 ** 28;

/** Which blocks a written table has besides its cells and their sums. */
export interface OptionalBlocks {
  readonly weights: boolean;
  readonly others: boolean;
  /** How many parts there are, each a block. */
  readonly parts: number;
}

/** The blocks of a written table, to be taken in the order in which they were written. */
export interface TableBlocks {
  /** How many cells the table has, at most 2^28. */
  readonly length: number;
  readonly has: OptionalBlocks;
  /** Takes the next block, in the memory of the whole. @throws LF_STATE_DAMAGED where it is cut. */
  readonly next: () => Float64Array;
  /** @throws LF_STATE_DAMAGED where something follows the blocks taken. */
  readonly end: () => void;
}

/** Puts a header before the blocks of a table of `length` cells: version, cells, flags, parts, the length of each block. */
export function numbersFromBlocks(
  blocks: readonly Float64Array[],
  length: number,
  { weights, others, parts }: OptionalBlocks,
): readonly Float64Array[] {
  const flags = (weights ? 1 : 0) + (others ? 2 : 0);
  const header = [VERSION, length, flags, parts, ...blocks.map((block) => block.length)];
  return [Float64Array.from(header), ...blocks];
}

/**
 * Reads the header that {@link numbersFromBlocks} writes, of a table with `parts` parts.
 * @throws LF_STATE_VERSION for another version, LF_STATE_DAMAGED for a header that it would not write.
 */
export function blocksFromNumbers(numbers: Float64Array, parts: number): TableBlocks {
  const [version, length, flags, partCount] = numbersOf(numbers).subarray(0, 4);
  if (version !== VERSION) {
    throw new LossflowError(
      "LF_STATE_VERSION",
      `This table of running losses has version ${version}, and ${VERSION} is understood.`,
    );
  }
  const isHeader =
    Number.isSafeInteger(length) && length! >= 0 && length! <= MOST_CELLS && [0, 1, 2, 3].includes(flags!);
  if (!isHeader || partCount !== parts) throw damagedTable();
  const has = { weights: (flags! & 1) !== 0, others: (flags! & 2) !== 0, parts };
  let size = 4;
  let at = 4 + 2 + (flags! & 1) + (flags! >> 1) + parts;
  const next = (): Float64Array => {
    const count = numbers[size++];
    if (!(Number.isSafeInteger(count) && count! >= 0 && at + count! <= numbers.length)) throw damagedTable();
    at += count!;
    return numbers.subarray(at - count!, at);
  };
  const end = (): void => {
    if (at !== numbers.length) throw damagedTable();
  };
  return { length: length!, has, next, end };
}

/** Records of `size` numbers each, in another order: record i is the one at `order[i]`. */
export function orderedRecords(
  records: Float64Array,
  size: number,
  order: Int32Array,
  take: TakeDoubles,
): Float64Array {
  const out = take(size * order.length);
  for (let i = 0; i < order.length; i++) {
    for (let k = 0; k < size; k++) out[size * i + k] = records[size * order[i]! + k]!;
  }
  return out;
}

/** @throws LF_STATE_DAMAGED where a block has not `size` numbers. */
export function sizedBlock(block: Float64Array, size: number): Float64Array {
  if (block.length !== size) throw damagedTable();
  return block;
}

/** The refusal of anything that a table would not write. */
export function damagedTable(): LossflowError {
  return new LossflowError("LF_STATE_DAMAGED", "This table of running losses is cut or changed.");
}

const VERSION = 1;

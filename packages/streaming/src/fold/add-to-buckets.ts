import { RunningLoss } from "@lossflow/core";
import type { Evaluated } from "./evaluate-units.ts";
import type { Cell } from "./fold-state.ts";
import { IGNORED, KEPT, MISSING, type Units } from "./units.ts";

/** A way of sorting rows into cells: the code of each row, and the cell of each code. */
export interface Buckets {
  readonly codes: Int32Array;
  /** Codes are below this. */
  readonly size: number;
  readonly cell: (code: number) => Cell;
}

/** Adds each row to the cell of its code: kept units are brought together by code, then added as arrays. */
export function addToBuckets({ codes, size, cell }: Buckets, units: Units, evaluated: Evaluated): void {
  const { count, fate, nullRows, perRow } = units;
  const seen = new Uint8Array(size);
  for (const code of codes) seen[code] = 1;
  const missing = new Int32Array(size);
  const ignored = new Int32Array(size);
  const nulls = new Int32Array(size);
  if (fate !== null) {
    for (let u = 0; u < fate.length; u++) {
      if (fate[u] === KEPT) continue;
      const code = codes[perRow === 1 ? u : Math.floor(u / perRow)]!;
      if (fate[u] === MISSING) missing[code]!++;
      else if (fate[u] === IGNORED) ignored[code]!++;
    }
  }
  if (nullRows !== null) for (let r = 0; r < codes.length; r++) nulls[codes[r]!]! += nullRows[r]!;

  const unitCodes = codesOfUnits(codes, units);
  const starts = new Int32Array(size + 1);
  for (let i = 0; i < count; i++) starts[unitCodes[i]! + 1]!++;
  for (let code = 0; code < size; code++) starts[code + 1]! += starts[code]!;
  const sorted = sortByCode(unitCodes, starts, count, units, evaluated);
  for (let code = 0; code < size; code++) {
    if (seen[code] === 0) continue;
    const into = cell(code);
    RunningLoss.addMissing(into.state, missing[code]!);
    RunningLoss.addIgnored(into.state, ignored[code]!);
    into.nullRows += nulls[code]!;
    const start = starts[code]!;
    const end = starts[code + 1]!;
    if (start === end) continue;
    const weights = sorted.weights === undefined ? {} : { weights: sorted.weights.subarray(start, end) };
    if (sorted.parts === null) {
      const rows = sorted.rows.subarray(start, end);
      RunningLoss.addArray(into.state, sorted.losses.subarray(start, end), { ...weights, rows });
    } else {
      const parts = sorted.parts.map((part) => part.subarray(start, end));
      RunningLoss.addParts(into.state, parts, end - start, weights);
    }
  }
}

function codesOfUnits(codes: Int32Array, { count, kept, perRow }: Units): Int32Array {
  if (kept === null && perRow === 1) return codes;
  const unitCodes = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const unit = kept === null ? i : kept[i]!;
    unitCodes[i] = codes[perRow === 1 ? unit : Math.floor(unit / perRow)]!;
  }
  return unitCodes;
}

interface Sorted {
  readonly losses: Float64Array;
  readonly parts: readonly Float64Array[] | null;
  readonly weights: Float64Array | undefined;
  readonly rows: Float64Array;
}

/** Brings units of one code together, in their order; nothing is moved where they stand so already, as windows do. */
function sortByCode(
  codes: Int32Array,
  starts: Int32Array,
  count: number,
  { weights }: Units,
  { losses, parts, rowOf, firstRow }: Evaluated,
): Sorted {
  let inOrder = true;
  for (let i = 1; i < count && inOrder; i++) inOrder = codes[i - 1]! <= codes[i]!;
  let rows = rowOf;
  if (rows === null) {
    rows = new Float64Array(count);
    for (let i = 0; i < count; i++) rows[i] = firstRow + i;
  }
  if (inOrder) return { losses, parts, weights, rows };

  const next = starts.slice();
  const places = new Int32Array(count);
  for (let i = 0; i < count; i++) places[i] = next[codes[i]!]!++;
  const moved = (values: Float64Array): Float64Array => {
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[places[i]!] = values[i]!;
    return out;
  };
  return {
    losses: parts === null ? moved(losses) : losses,
    parts: parts?.map(moved) ?? null,
    weights: weights === undefined ? undefined : moved(weights),
    rows: moved(rows),
  };
}

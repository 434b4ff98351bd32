import type { SketchRoom } from "./sketch-room.ts";

/**
 * Sorts what is of cells by counting: that of cell c is `order[starts[c] .. starts[c + 1])`, in the order in which it came,
 * each by its place in `cells`. `starts` has one more than the highest cell, and one. Both are of the room, until the next call.
 */
export function sortedByCell(
  cells: Int32Array,
  room: SketchRoom,
): { readonly order: Int32Array; readonly starts: Int32Array } {
  let count = 0;
  for (let i = 0; i < cells.length; i++) count = Math.max(count, cells[i]! + 1);
  const starts = room.ints("starts", count + 1).fill(0);
  for (let i = 0; i < cells.length; i++) starts[cells[i]!]!++;
  for (let cell = 1; cell <= count; cell++) starts[cell]! += starts[cell - 1]!;
  const order = room.ints("order", cells.length);
  for (let i = cells.length - 1; i >= 0; i--) order[--starts[cells[i]!]!] = i;
  return { order, starts };
}

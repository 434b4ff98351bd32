import type { SketchBlocks } from "./sketch-blocks.ts";

/** Where blocks stand, in their order: of which cell each is, in which page, and where in it. */
export interface BlockIndex {
  readonly cells: Int32Array;
  readonly pages: Int32Array;
  readonly starts: Int32Array;
}

/** Finds the blocks that are there now. @param ints gives the arrays, each for what its name says */
export function indexOf(
  blocks: SketchBlocks,
  ints: (length: number, name: string) => Int32Array,
): BlockIndex {
  const index = {
    cells: ints(blocks.length, "cells"),
    pages: ints(blocks.length, "pages"),
    starts: ints(blocks.length, "places"),
  };
  const block = blocks.cursor();
  for (let i = 0; block.next(); i++) {
    index.cells[i] = block.cell;
    index.pages[i] = block.page;
    index.starts[i] = block.at;
  }
  return index;
}

/** Where a cell stands among cells that rise; -1 where it does not. */
export function placeOf(cell: number, cells: Int32Array): number {
  let low = 0;
  for (let high = cells.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (cells[middle]! < cell) low = middle + 1;
    else high = middle;
  }
  return cells[low] === cell ? low : -1;
}

import type { LossFold } from "../fold/fold-state.ts";
import type { WindowTable } from "../fold/window-table.ts";
import type { FiguresOfCell } from "./figures-of-table.ts";
import type { WindowEnds } from "./snapshot.ts";

/**
 * Reads the windows of a loss, in order, those without rows left out. Where windows overlap each is the exact merge of
 * its panes. `ends` gives what a person sees of the positions at which a window begins and ends.
 */
export function windowsOfFold<T extends object>(
  windows: WindowTable,
  { windows: panes, sketches }: LossFold,
  figuresOf: FiguresOfCell<T>,
  ends: (from: number, to: number) => readonly [from: number, to: number],
): (T & WindowEnds)[] {
  const { slide, overlap } = windows.cut;
  const cellsOf = new Map<number, number[]>();
  for (let cell = 0; cell < windows.length; cell++) {
    const { pane, passed } = windows.cellAt(cell);
    for (let window = pane - overlap + 1 + passed; window <= pane; window++) {
      const cells = cellsOf.get(window);
      if (cells === undefined) cellsOf.set(window, [cell]);
      else cells.push(cell);
    }
  }
  panes.extend(windows.length);
  const sketchOf = sketches?.windows.reader();
  return [...cellsOf]
    .sort(([a], [b]) => a - b)
    .map(([window, cells]) => {
      const [from, to] = ends(window * slide, (window + overlap) * slide);
      const merged = cells.length === 1 ? panes : panes.emptied();
      if (cells.length > 1) for (const cell of cells) merged.mergeCell(0, panes, cell);
      return { from, to, ...figuresOf(merged, cells.length === 1 ? cells[0]! : 0, sketchOf?.(cells)) };
    });
}

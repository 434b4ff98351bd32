import { QuantileSketch } from "@lossflow/core/running";
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
  const numbers = new Map<number, number>();
  const table = overlap === 1 ? panes : panes.emptied();
  panes.extend(windows.length);
  const paneSketches = sketches?.windows.sketches();
  const merged = new Map<number, QuantileSketch>();
  for (let cell = 0; cell < windows.length; cell++) {
    const { pane, passed } = windows.cellAt(cell);
    for (let window = pane - overlap + 1 + passed; window <= pane; window++) {
      if (overlap === 1) {
        numbers.set(window, cell);
        continue;
      }
      const sketch = paneSketches?.get(cell);
      if (sketch !== undefined) {
        if (!merged.has(window)) merged.set(window, new QuantileSketch());
        merged.get(window)!.merge(sketch);
      }
      const at = numbers.get(window) ?? numbers.size;
      numbers.set(window, at);
      table.mergeCell(at, panes, cell);
    }
  }
  return [...numbers.keys()]
    .sort((a, b) => a - b)
    .map((window) => {
      const [from, to] = ends(window * slide, (window + overlap) * slide);
      const cell = numbers.get(window)!;
      const sketch = overlap === 1 ? paneSketches?.get(cell) : merged.get(window);
      return { from, to, ...figuresOf(table, cell, sketch) };
    });
}

import { RunningLoss, type RunningLossState } from "@lossflow/core";
import { LossTable } from "@lossflow/core/running";
import { expect, test } from "vitest";
import { ReusedRoom } from "../../src/columns/row-room.ts";
import { CellSums } from "../../src/fold/cell-sums.ts";
import { SEED, seededRandom } from "../seeded-random.ts";

const OPTIONS = { nan: "count", squares: false } as const;
const LOSSES: Readonly<Record<string, (unit: () => number) => number>> = {
  squares: (unit) => (12 * unit() - 6) ** 2,
  "zeros of both signs": (unit) => (unit() < 0.5 ? 0 : -0),
  "few values": (unit) => Math.floor(3 * unit()) / 3,
  "all there are": (unit) => (unit() - 0.5) * 10 ** (600 * unit() - 300),
  "the ends of float64": (unit) => (unit() < 0.5 ? 1.7e308 : -5e-324),
  "squares and a few huge ones": (unit) => (unit() < 0.001 ? 1e300 : unit() ** 2),
  "with NaN and infinities": (unit) =>
    unit() < 0.9 ? unit() : 1 / Math.round(3 * unit() - 1) - (unit() < 0.3 ? Infinity : 0),
  "small first, large then": (unit) => unit(),
};

test.each(Object.entries(LOSSES))(
  "cells hold what a table does, to the last bit, however rows are cut: %s",
  (name, loss) => {
    const unit = seededRandom(SEED);
    const rows = 30_000;
    for (const cellCount of [1, 7, 500]) {
      const cells = Int32Array.from(
        { length: rows },
        () => Math.floor(cellCount * unit()) - (unit() < 0.1 ? cellCount : 0),
      );
      const losses = Float64Array.from(
        { length: rows },
        (_, i) => loss(unit) * (name.startsWith("small") ? 2 ** (30 * Math.floor(i / 4000)) : 1),
      );
      const at = cells.map((cell) => Math.max(-1, cell));
      const table = new LossTable(OPTIONS);
      table.addArray(at, losses, rows, { firstRow: 100 });
      const total = RunningLoss.create(OPTIONS);
      for (let i = 0; i < rows; i++) if (at[i]! >= 0) RunningLoss.add(total, losses[i]!, 1, 100 + i);

      const sums = new CellSums(OPTIONS);
      const mine = new LossTable(OPTIONS);
      const myTotal = RunningLoss.create(OPTIONS);
      const room = new ReusedRoom();
      for (let from = 0; from < rows;) {
        const to = Math.min(rows, from + Math.floor(9000 * unit()));
        const part = losses.subarray(from, to);
        const own = at.subarray(from, to);
        const numbered = unit() < 0.5 ? Float64Array.from(part, (_, i) => 100 + from + i) : null;
        const added = {
          at: own,
          cellCount,
          losses: part,
          count: to - from,
          rows: numbered,
          firstRow: 100 + from,
        };
        const odd = (i: number): void => {
          RunningLoss.add(myTotal, part[i]!, 1, added.firstRow + i);
          mine.addArray(own.subarray(i, i + 1), part.subarray(i, i + 1), 1, { firstRow: added.firstRow + i });
        };
        sums.add(added, odd);
        if (unit() < 0.3) {
          room.clear();
          sums.drainInto(mine, myTotal, room);
        }
        from = to;
      }
      sums.drainInto(mine, myTotal, room);
      expect(bytesOf(myTotal)).toEqual(bytesOf(total));
      for (let cell = 0; cell < table.length; cell++)
        expect(bytesOf(mine.stateAt(cell)), `cell ${cell} of ${cellCount}`).toEqual(
          bytesOf(table.stateAt(cell)),
        );
    }
  },
);

/** Equal sums have equal ones, where their rounding hides the last digits. */
function bytesOf(state: RunningLossState): string {
  return Buffer.from(RunningLoss.toBytes(state)).toString("hex");
}

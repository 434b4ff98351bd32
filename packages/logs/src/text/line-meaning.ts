import type { LineProgram } from "../scan/line-program.ts";
import type { RowShape } from "../scan/row-shape.ts";
import { LENGTH_AXIS, POSITION_AXIS } from "../run-track.ts";
import type { LineEvent } from "./line-reading.ts";
import type { Scale } from "./series-units.ts";

/** Targets below 0 are places: -1 minus the axis. What lies beyond the axes is kept nowhere. */
export const POSITION: number = -1 - POSITION_AXIS;
export const LENGTH: number = -1 - LENGTH_AXIS;

/** What a line of a known shape means. */
export interface LineMeaning {
  readonly grammar: number;
  /** Series handles, or what the field says of the place. */
  readonly targets: Int32Array;
  readonly events: readonly LineEvent[];
  /** Whether the line is a record of its own, not one of several of a step. */
  readonly isRecord: boolean;
  readonly aside: boolean;
  readonly ahead: boolean;
  /** The place of each event's value among the fields; -1 where it has none. */
  readonly eventFields: readonly number[];
  /** How the values are scaled to the units of their series; null where all stand as printed. */
  readonly scales: readonly (Scale | null)[] | null;
  /** How the line machine reads such lines; null where it cannot. */
  program: LineProgram | null;
  /** How their numbers are taken as columns; null where each line needs a look by itself. */
  readonly shape: RowShape | null;
  /** Lines of the shape that the machine read. */
  rows: number;
}

/** How lines of these targets are taken as columns; null where a line has two points of one series: their order counts. */
export function rowShapeFromTargets(targets: Int32Array, isText: boolean): RowShape | null {
  const axes = [-1, -1, -1, -1];
  const series: number[] = [];
  const slots: number[] = [];
  for (let k = 0; k < targets.length; k++) {
    const target = targets[k]!;
    if (target >= 0) {
      if (series.includes(target)) return null;
      series.push(target);
      slots.push(k);
    } else if (target === LENGTH) return null;
    else if (target !== POSITION) axes[-1 - target] = k;
  }
  return { axes, series, slots, isText };
}

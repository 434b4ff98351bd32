import type { WindowPlan } from "../fold/plan.ts";
import { microsecondsOf, type Duration } from "./duration.ts";
import { formatGiven } from "./format-given.ts";
import { badOption, unknownNameIn } from "./options.ts";

/** Windows of this many rows, counted over all sources. */
export interface RowWindow {
  readonly rows: number;
}

/**
 * Windows over the numbers of a column, such as steps or epochs: window j holds the rows with
 * j * slide <= number < j * slide + width.
 */
export interface StepWindow {
  readonly step: string;
  readonly width: number;
  /** How far apart windows begin; `width` is a whole multiple of it. Default: `width`, so that none overlap. */
  readonly slide?: number | undefined;
}

/**
 * Windows over the times of a column, as {@link StepWindow} cuts numbers, counted from 1970.
 *
 * A window closes once a row, in the order of the sources, has a time of the window's end and `lateness` or later; a
 * later row that belongs into it is left out of it, and counted as late where it is in no other. That looks at rows
 * alone, not at clocks: the figures do not depend on when or where rows are read.
 */
export interface TimeWindow {
  readonly time: string;
  readonly width: Duration;
  readonly slide?: Duration | undefined;
  /** Default: windows never close, however late a row comes. */
  readonly lateness?: Duration | undefined;
}

export type LossWindow = RowWindow | StepWindow | TimeWindow;

/** A window may be cut into so many panes at most. */
const MOST_PANES = 10_000;
/** What a window of each kind has. */
const NAMES = {
  rows: ["rows"],
  step: ["step", "width", "slide"],
  time: ["time", "width", "slide", "lateness"],
} as const;

/** Checks windows, and gives them as a plan, their column by `position`. @throws LF_BAD_OPTION */
export function windowPlanOf(window: LossWindow, position: (column: string) => number): WindowPlan {
  if (typeof window !== "object" || (window as LossWindow | null) === null)
    throw badOption(`a window is ${formatGiven(window)}; give { rows }, { step, width } or { time, width }.`);
  checkNames(window);
  if ("rows" in window) {
    if (Number.isSafeInteger(window.rows) && window.rows > 0) return { kind: "rows", width: window.rows };
    throw badOption(`a window has ${formatGiven(window.rows)} rows; give a whole number above 0.`);
  }
  const isTime = "time" in window;
  const column: unknown = isTime ? window.time : (window as Partial<StepWindow>).step;
  if (typeof column !== "string")
    throw badOption("a window has neither rows, nor the name of a step or time column; give one of them.");
  const [width, slide] = [window.width, window.slide ?? window.width].map((size, i) => {
    const name = i === 0 ? "width" : "slide";
    if (isTime) return microsecondsOf(name, size);
    if (typeof size === "number") return size;
    throw badOption(`the ${name} of a window by step is ${formatGiven(size)}; give a number above 0.`);
  }) as [number, number];
  if (!(width > 0 && Number.isFinite(width)))
    throw badOption(`a window has the width ${formatGiven(window.width)}; give a number above 0.`);
  // 0.3 is no multiple of 0.1 in doubles.
  const panes = Math.round(width / slide);
  if (!(slide > 0 && panes >= 1 && panes <= MOST_PANES && Math.abs(width / slide - panes) < 1e-9 * panes)) {
    throw badOption(
      `windows of ${formatGiven(window.width)} slide by ${formatGiven(window.slide)}; the width must be a whole multiple of that, ${MOST_PANES} times at most.`,
    );
  }
  if (!isTime) return { kind: "step", column: position(column), width, slide };
  const lateness = window.lateness === undefined ? null : microsecondsOf("lateness", window.lateness);
  return { kind: "time", column: position(column), width, slide, lateness };
}

/** Checks that a window is of one kind and has what that kind has: the rest would be silently without effect. */
function checkNames(window: LossWindow): void {
  const kinds = Object.keys(NAMES) as (keyof typeof NAMES)[];
  const given = kinds.filter((kind) => new Map(Object.entries(window)).get(kind) !== undefined);
  if (given.length > 1) throw badOption(`a window has ${given.join(" and ")}; give one of them.`);
  const unknown = given.length === 1 ? unknownNameIn(window, NAMES[given[0]!]) : undefined;
  if (unknown !== undefined) throw badOption(`in a window by ${given[0]!} ${unknown}`);
}

/**
 * What stands along the x axis: the log's step, its epoch, the tokens or samples it has counted by then; the time since
 * the run's start, the same without its gaps, or the time of day.
 */
export type Axis = "step" | "epoch" | "tokens" | "samples" | "time" | "active" | "wall";

/** Every axis, the usual one first. */
export const AXES: readonly Axis[] = ["step", "epoch", "tokens", "samples", "time", "active", "wall"];

/** What logs state themselves; the others follow from the time. */
export type StatedAxis = Exclude<Axis, "active" | "wall">;

/** Every stated axis. */
export const STATED_AXES: readonly StatedAxis[] = ["step", "epoch", "tokens", "samples", "time"];

/** Where a point stands along every stated axis, NaN where the log does not say; `time` as the log states it. */
export type Places = Readonly<Record<StatedAxis, number>>;

/** Tells whether `text` names an axis. */
export function isAxis(text: string): text is Axis {
  return (AXES as readonly string[]).includes(text);
}

/** Whether an axis counts, so that whole numbers stand on it. */
export function isCounted(axis: Axis): boolean {
  return axis === "step" || axis === "tokens" || axis === "samples";
}

/** The stated axis that another is formed from. */
export function statedAxisOf(axis: Axis): StatedAxis {
  return axis === "active" || axis === "wall" ? "time" : axis;
}

/** What stands along the x axis: the log's step, its epoch, or seconds since the first time the run stated. */
export type Axis = "step" | "epoch" | "time";

/** Every axis, the usual one first. */
export const AXES: readonly Axis[] = ["step", "epoch", "time"];

/** Tells whether `text` names an axis. */
export function isAxis(text: string): text is Axis {
  return (AXES as readonly string[]).includes(text);
}

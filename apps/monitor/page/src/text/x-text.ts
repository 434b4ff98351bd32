import type { Axis } from "../../../src/plot/axis.ts";
import { formatNumber } from "../../../src/format/number-text.ts";

/** Names an axis as a person does. */
export const AXIS_NAMES: Readonly<Record<Axis, string>> = {
  step: "step",
  epoch: "epoch",
  time: "time since start",
};

/** Writes a place on an axis: `step 1,200`, `epoch 3.5`, `2 h 5 min`. */
export function formatX(axis: Axis, x: number): string {
  return axis === "time" ? formatSpan(x) : `${axis} ${formatNumber(x)}`;
}

/** Writes a tick of an axis. */
export function formatTick(axis: Axis, x: number): string {
  return axis === "time" ? formatSpan(x) : formatNumber(x);
}

function formatSpan(seconds: number): string {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? "-" : "";
  if (size < 60) return `${sign}${Number(size.toFixed(size < 10 ? 2 : 0))} s`;
  const minutes = Math.floor(size / 60);
  if (minutes < 60) return `${sign}${minutes} min${part(Math.round(size - 60 * minutes), "s")}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${sign}${hours} h${part(minutes - 60 * hours, "min")}`;
  const days = Math.floor(hours / 24);
  return `${sign}${days} d${part(hours - 24 * days, "h")}`;
}

function part(amount: number, unit: string): string {
  return amount === 0 ? "" : ` ${amount} ${unit}`;
}

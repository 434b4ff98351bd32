import type { Axis } from "../plot/axis.ts";
import { formatNumber } from "./number-text.ts";

/** Names an axis as a person does. */
export const AXIS_NAMES: Readonly<Record<Axis, string>> = {
  step: "step",
  epoch: "epoch",
  tokens: "tokens",
  samples: "samples",
  time: "time since start",
  active: "active time",
  wall: "wall time",
};

/** Writes a place on an axis: `step 1,200`, `epoch 3.5`, `2 h 5 min`, `2.1 B tokens`, `2026-01-31 14:05:09`. */
export function formatX(axis: Axis, x: number): string {
  if (axis === "step" || axis === "epoch") return `${axis} ${formatNumber(x)}`;
  if (axis === "tokens" || axis === "samples") return `${formatAmount(x)} ${axis}`;
  return axis === "active" ? `${formatSpan(x)} active` : axis === "wall" ? formatMoment(x) : formatSpan(x);
}

/** Writes a tick of an axis. */
export function formatTick(axis: Axis, x: number): string {
  if (axis === "step" || axis === "epoch") return formatNumber(x);
  if (axis === "tokens" || axis === "samples") return formatAmount(x);
  return axis === "wall" ? formatMoment(x) : formatSpan(x);
}

/** Writes a large count shortly: `950`, `12.5 k`, `2.1 B`. */
export function formatAmount(count: number): string {
  for (const [size, unit] of [
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
    [1e4, "k"],
  ] as const)
    if (Math.abs(count) >= size) return `${formatNumber(count / (unit === "k" ? 1e3 : size), 4)} ${unit}`;
  return formatNumber(count);
}

/** Writes seconds since 1970 as local date and time. */
function formatMoment(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return formatNumber(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
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

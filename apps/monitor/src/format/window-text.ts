import type { LossWindow, WindowFigures } from "@lossflow/streaming";
import { formatCount, formatNumber } from "./number-text.ts";

/** The head of the column in which windows are named: what they are cut by. */
export function formatWindowHead(window: LossWindow): string {
  if ("rows" in window) return "rows";
  return "time" in window ? window.time : window.step;
}

/** Names a window: its first and last row, or where it begins and, exclusively, ends; times in UTC. */
export function formatWindow(window: LossWindow, { from, to }: Pick<WindowFigures, "from" | "to">): string {
  if ("rows" in window) return `${formatCount(from)} to ${formatCount(to - 1)}`;
  const text = "time" in window ? formatTime : (value: number): string => formatNumber(value, 8);
  return `${text(from)} until ${text(to)}`;
}

function formatTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return `${formatNumber(milliseconds / 1000, 12)} s`;
  return date
    .toISOString()
    .replace("T", " ")
    .replace(/(?::00)?\.000Z$/, "")
    .replace(/Z$/, "");
}

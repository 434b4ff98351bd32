import type { LiveRun } from "../live/live-run.ts";
import { formatBytes } from "../format/bytes-text.ts";

/** Says what a log is doing at `now` (milliseconds since 1970): when its last byte came, or what it waits for. */
export function formatStatus(run: Pick<LiveRun, "state" | "lastByte" | "bytes">, now: number): string {
  if (run.state === "waiting") return "waiting for the file";
  const size = run.bytes === null ? "" : `, ${formatBytes(run.bytes)}`;
  if (run.state === "ended") return `ended${size}`;
  return run.lastByte === null ? "no byte yet" : `last byte ${formatAge(now - run.lastByte)} ago${size}`;
}

/** Writes a time span as a person says it: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000);
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

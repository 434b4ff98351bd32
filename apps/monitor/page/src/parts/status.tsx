import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatCount } from "../../../src/format/number-text.ts";
import type { Link } from "../backend/backend.ts";
import type { RunView } from "../state/runs.ts";

/** Says whether the page is live, and when the last byte of any log came. */
export function Status({
  link,
  runs,
}: {
  readonly link: Link;
  readonly runs: readonly RunView[];
}): JSX.Element {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const last = Math.max(...runs.map(({ head }) => head.lastByte ?? Number.NEGATIVE_INFINITY));
  const age = Number.isFinite(last) ? ` Last byte ${formatAge(Math.max(0, now - last))} ago.` : "";
  const points = runs.reduce((sum, run) => sum + run.metrics.reduce((all, { count }) => all + count, 0), 0);
  return (
    <p class={`status ${link.state}`} role="status">
      <span class="dot" aria-hidden="true" />
      {link.sentence}
      {link.state === "live" ? age : ""} {formatCount(points)} points.
    </p>
  );
}

function formatAge(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

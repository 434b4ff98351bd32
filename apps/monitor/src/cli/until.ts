import { UsageError } from "./usage-error.ts";

/** When `check --until` is content. */
export type Until =
  | { readonly kind: "step"; readonly step: number }
  | { readonly kind: "time"; readonly seconds: number }
  /** The metric is below `value`; without a name, the judged one. */
  | { readonly kind: "below"; readonly metric: string | null; readonly value: number };

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** Reads `step:5000`, a time such as `90s`, `30m`, `12h` or `2d`, or `loss<2.5`. @throws LF_USAGE. */
export function untilFromText(text: string): Until {
  const step = /^step:(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  if (step !== undefined) return { kind: "step", step: Number(step) };
  const time = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (time !== null) return { kind: "time", seconds: Number(time[1]) * SECONDS[time[2]!]! };
  const below = /^(.*)<\s*([^<\s]+)\s*$/s.exec(text);
  const value = below === null ? Number.NaN : Number(below[2]);
  if (below !== null && Number.isFinite(value)) {
    const metric = below[1]!.trim();
    return { kind: "below", metric: metric === "" ? null : metric, value };
  }
  throw new UsageError(
    `--until takes step:5000, a time such as 30m or 12h, or 'loss<2.5', not ${JSON.stringify(text)}.`,
  );
}

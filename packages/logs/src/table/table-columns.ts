import { axisFromName, isTagName, stepPreference } from "../axes.ts";
import { textFromBytes } from "../bytes/byte-text.ts";

/** What each column of a table is. Column indices; -1 where there is none. */
export interface TableColumns {
  readonly names: readonly string[];
  readonly step: number;
  readonly epoch: number;
  readonly time: number;
  readonly rank: number;
  /** The column whose text splits series. */
  readonly tag: number;
  /** The columns of a long table: a name and its value. */
  readonly metric: number;
  readonly value: number;
  /** Columns that hold points. */
  readonly points: readonly number[];
}

/**
 * Works out the columns from a header. A repeated name gets `.1`, `.2` as pandas does; a column without a name is the
 * index that pandas writes, and serves as the step where there is no other. In `r,l,t`, the monitor file of
 * Stable-Baselines3, `t` is the time.
 */
export function columnsFromHeader(header: readonly string[]): TableColumns {
  const seen = new Map<string, number>();
  const names = header.map((cell) => {
    const name = textFromBytes(cell);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}.${before}`;
  });
  const monitor = names.join() === "r,l,t";
  const axes = names.map((name) =>
    monitor && name === "t"
      ? "time"
      : name === "" || name.startsWith("Unnamed: 0")
        ? "step"
        : axisFromName(name),
  );
  let step = -1;
  axes.forEach((axis, i) => {
    if (axis !== "step") return;
    if (step < 0 || stepPreference(names[i]!) < stepPreference(names[step]!)) step = i;
  });
  const tag = names.findIndex((name) => isTagName(name));
  const value = names.findIndex((name) => /^value$/i.test(name));
  const metric =
    value < 0 ? -1 : names.findIndex((name) => /^(?:metric|metric_name|name|tag|key)$/i.test(name));
  const long = metric >= 0;
  return {
    names,
    step,
    epoch: axes.indexOf("epoch"),
    time: axes.indexOf("time"),
    rank: axes.indexOf("rank"),
    tag: tag === metric ? -1 : tag,
    metric,
    value: long ? value : -1,
    points: names.flatMap((_, i) =>
      axes[i] === null && i !== tag && !(long && (i === metric || i === value)) ? [i] : [],
    ),
  };
}

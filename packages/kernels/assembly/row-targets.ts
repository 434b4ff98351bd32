import { toDoubles } from "./columns";
import { targets } from "./workspace";

/** The type of targets that are labels, i32, of rows whose distributions are meant: 1 for the label's class, 0 for the others. */
export const LABELS: i32 = 16;

/**
 * Gives `count` targets of rows of `classes` as doubles, from the `first` of all on, with numbers within [0, 1] behind them up to a
 * multiple of 8. Labels below 0 have no class.
 */
export function rowTargets(target: usize, type: i32, first: i32, count: i32, classes: i32): usize {
  const t = targets();
  if (type != LABELS) return toDoubles(target, type, first, count, t);
  memory.fill(t, 0, <usize>((count + 7) & ~7) << 3);
  for (let row = first / classes; row * classes < first + count; row++) {
    const y = load<i32>(target + (<usize>row << 2));
    const at = row * classes + y - first;
    if (y >= 0 && at >= 0 && at < count) store<f64>(t + (<usize>at << 3), 1);
  }
  return t;
}

import type { LineField } from "./line-reading.ts";

/** What stands before the message of a log line: stamps, levels, ranks, sources. */
export interface LinePrefix {
  /** Where the message begins. */
  readonly end: number;
  readonly fields: readonly LineField[];
}

const LEVEL = "(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|NOTICE|SUCCESS|TRACE)";

/** The group, if any, is the rank. */
const RANKS = [
  /\[default(\d+)\]:\s*/y,
  // Open MPI, and Horovod over it.
  /\[(?:\d+,)?(\d{1,5})\]<std(?:out|err)>:\s*/y,
  /\[(?:rank|gpu)\s*:?(\d+)\]:?\s*/iy,
  /\[(\d{1,5})\]:?\s+(?=:::)/y,
  // A figure that names no place may be counted by the number (`100: loss 2.1`).
  /\s*(\d{1,5}): +(?=[:{[]|(?!(?:nan|inf)\b|[A-Za-z_ -]*loss)[A-Za-z']|.*\b(?:step|epoch|iter(?:ation)?)\b)/iy,
];
const STAMPS = [
  // Behind the stamp may stand a name and a place in the code: `[2021-04-01 10:10:10 swin](main.py 206): `.
  /\s*\[?(?:NeMo [A-Z] )?(\d{4}[-/]\d\d[-/]\d\d[T ,]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:?\d\d)?)(?: [\w.-]{1,40}\]\s*\([\w.]{1,40} +\d+\))?(?: [\w.-]{1,60}:\d{1,5}(?=\]))?\]?:?\s*/y,
  /\s*\[\d{4}-\d\d-\d\d:\d\d:\d\d:\d\d:[A-Z]+\]\s*/y,
  /\s*\[?\d\d\/\d\d(?:\/\d{4})? +\d\d:\d\d:\d\d(?:[.,]\d+)?(?: [\w.]{1,60}(?=\]))?\]?:?\s*/y,
  /\s*\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?:?\s*/y,
];
/** A host or pod, where a stamp follows: `[gpu001] 2021-01-01 ..`, `pod-0 2021-..`, `trainer-1  | 2021-..`. */
const HOST = /\[?[A-Za-z][\w.-]{0,60}\]?:?\s+(?:\|\s+)?(?=\[?\d{4}[-/]\d\d[-/]\d\d[T ,]\d\d:\d\d:\d\d)/y;
const REST = [
  HOST,
  /\(\w*\s*pid=\d+[^)]{0,80}\)\s*/y,
  /[\w-]{1,40}\s+\|\s+(?=\[\d+\])/y,
  /[IWEF]\d{4} +\d\d:\d\d:\d\d\.\d+ +\d+ [\w./-]{1,80}:\d+\] /y,
  /[A-Z][a-z]{2} +\d{1,2} +\d\d:\d\d:\d\d [\w.-]{1,80} [\w./-]{1,80}(?:\[\d+\])?: /y,
  /[A-Z][a-z]{2} +\d{1,2} +\d\d:\d\d:\d\d(?: \d{4})?:? +/y,
  /\[[\w./-]{1,80}:\d+(?::\w{1,80})?\]:?\s*/y,
  /\[titan\]\s*/y,
  /\[[A-Z]+(?:\|[\w.=-]{1,40}){1,8}\]:?\s*/y,
  /(?:stdout|stderr) [FP] /y,
  /\([A-Za-z]\w{0,40}:\d+\)\s*(?=\[?[A-Z])/y,
  new RegExp(`${LEVEL}:[\\w.]{1,60}:(?=\\S)`, "y"),
  new RegExp(`\\[?${LEVEL}\\b\\]?\\s*[:|-]?\\s*`, "y"),
];
/** Names that stand between a stamp and what follows. */
const SOURCES = [
  new RegExp(`(?:[-|]\\s+)?[\\w.:/-]{1,80}(?:\\s+[-|:])?\\s+(?=\\[?${LEVEL}\\b)`, "y"),
  /[\w.<>-]{1,80}:[\w.<>-]{1,80}:\d+\s+[-|]\s+/y,
  new RegExp(`[-|]\\s*(?=${LEVEL}\\b)`, "y"),
  /[-|]\s+/y,
  /[a-z_]\w*(?:\.\w+){1,6} +- +/y,
  /\([\d/]{3,12}\)\s+/y,
  // A number alone may be a step; before a level it is a process.
  new RegExp(`\\[(?:(?!\\d+\\])[\\w.-]{1,40}|\\d+(?=\\]:?\\s+${LEVEL}\\b))\\]:?\\s+(?=[A-Za-z])`, "y"),
];

/** Finds the prefix of a line; it may be empty. */
export function linePrefix(line: string): LinePrefix {
  const fields: LineField[] = [];
  let at = 0;
  const after = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(line);
  };
  const stamped = (): boolean => {
    for (const pattern of STAMPS) {
      const match = after(pattern);
      if (match === null) continue;
      const stamp = match[1];
      if (stamp !== undefined && !fields.some((field) => field.role === "clock")) {
        const start = at + match[0].indexOf(stamp);
        fields.push({ start, end: start + stamp.length, role: "clock" });
      }
      at += match[0].length;
      return true;
    }
    return false;
  };
  const ranked = (): boolean => {
    if (fields.some((field) => field.role === "rank")) return false;
    for (const pattern of RANKS) {
      const match = after(pattern);
      if (match === null) continue;
      const rank = match[1]!;
      const start = at + match[0].lastIndexOf(rank);
      fields.push({ start, end: start + rank.length, role: "rank" });
      at += match[0].length;
      return true;
    }
    return false;
  };
  const skipped = (patterns: readonly RegExp[]): boolean => {
    for (const pattern of patterns) {
      const match = after(pattern);
      if (match === null) continue;
      at += match[0].length;
      return true;
    }
    return false;
  };
  for (let rounds = 0; rounds < 12; rounds++) {
    if (!(stamped() || ranked() || skipped(REST) || (at > 0 && skipped(SOURCES)))) break;
  }
  return { end: at, fields };
}

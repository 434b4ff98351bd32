import { readFileSync } from "node:fs";

/** A process as Linux's /proc tells of it. */
export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** A process and all that descend from it. */
export function processTree(pid: number): Process[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean);
    return [{ pid, command }, ...children.flatMap((child) => processTree(Number(child)))];
  } catch {
    // It has ended in the meantime.
    return [];
  }
}

/** The private memory of processes in megabytes: what would be free without them. */
export function privateMegabytes(processes: readonly Process[]): number {
  let kilobytes = 0;
  for (const { pid } of processes) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    for (const [, value] of rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)) kilobytes += Number(value);
  }
  return kilobytes / 1_000;
}

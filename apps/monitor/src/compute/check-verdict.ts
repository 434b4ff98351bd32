import type { RunEvent } from "@lossflow/logs";
import { formatNumber } from "../format/number-text.ts";

/** What `--fail-on` names. */
export type AlertKind = "nan" | "spike" | "divergence" | "plateau" | "stall";

/** What a run is judged by. */
export interface CheckRules {
  readonly failOn: readonly AlertKind[];
  /** The run fails when the last finite value of the judged metric is above this. */
  readonly maxLoss: number | null;
}

/** What an alert tells: an event of the run, or a limit that was crossed. */
export type AlertEvent = Omit<RunEvent, "kind"> & { readonly kind: RunEvent["kind"] | "limit" };

/** Something that makes a run fail, and the exit code that says so. */
export interface Alert {
  readonly exitCode: number;
  readonly event: AlertEvent;
}

const EXIT_OF_KIND: Readonly<Record<AlertKind, number>> = {
  nan: 21,
  divergence: 20,
  stall: 22,
  plateau: 23,
  spike: 10,
};

/** Finds the events that the rules fail on: those of `metric`, and those of the run as a whole. */
export function alertsFromEvents(events: readonly RunEvent[], metric: string, rules: CheckRules): Alert[] {
  return events.flatMap((event) => {
    const kind = event.kind === "inf" ? "nan" : event.kind;
    const failing = rules.failOn.find((name) => name === kind);
    if (failing === undefined || (event.metric !== null && event.metric !== metric)) return [];
    return [{ exitCode: EXIT_OF_KIND[failing], event }];
  });
}

/** Judges the last finite value against `--max-loss`; null where the limit holds, is not set, or no value is finite. */
export function limitAlert(
  metric: string,
  last: number | null,
  lastStep: number | null,
  rules: CheckRules,
): Alert | null {
  if (rules.maxLoss === null || last === null || last <= rules.maxLoss) return null;
  return {
    exitCode: 24,
    event: {
      kind: "limit",
      step: lastStep,
      lastStep,
      count: 1,
      metric,
      value: last,
      message: `${metric} ends at ${formatNumber(last)}, above the limit of ${formatNumber(rules.maxLoss)}.`,
    },
  };
}

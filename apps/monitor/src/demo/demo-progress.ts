import { formatNameList } from "../format/name-list.ts";
import type { LiveRun } from "../live/live-run.ts";
import type { PlannedRun } from "./demo-plan.ts";

/** Says where training is, as its logs have it so far. */
export class DemoProgress {
  readonly #plans: readonly PlannedRun[];
  readonly #epochs: number;
  #told = 0;

  constructor(plans: readonly PlannedRun[], epochs: number) {
    this.#plans = plans;
    this.#epochs = epochs;
  }

  /** Explains the lines that follow. */
  heading(): string {
    const titles = (subject: PlannedRun["subject"]): string =>
      formatNameList(
        [...new Set(this.#plans.filter((plan) => plan.subject === subject).map((plan) => plan.title))],
        "and",
      );
    return `Error of ${titles("temperature")}, log loss of ${titles("snow")}, on held-out days:`;
  }

  /** Epochs that every run has behind it. */
  epoch(runs: readonly LiveRun[]): number {
    return Math.min(...this.#plans.map((plan) => metricOf(plan, runs, "loss")?.count ?? 0));
  }

  /** Gives a line whenever all runs have passed a further quarter of their epochs, but the last; else null. */
  take(runs: readonly LiveRun[]): string | null {
    const epoch = this.epoch(runs);
    const quarter = Math.floor((4 * epoch) / this.#epochs);
    if (quarter <= this.#told || quarter >= 4) return null;
    this.#told = quarter;
    const figures = (wanted: (plan: PlannedRun) => boolean, digits: number): string =>
      this.#plans
        .filter(wanted)
        .map((plan) => metricOf(plan, runs, plan.shared.name)?.latest.toFixed(digits))
        .join(" ");
    const clean = figures(({ subject, faults }) => subject === "temperature" && !faults, 2);
    const faulty = figures(({ faults }) => faults, 2);
    const snow = figures(({ subject }) => subject === "snow", 3);
    const place = `epoch ${String(epoch).padStart(String(this.#epochs).length)} of ${this.#epochs}`;
    return `  ${place}   ${clean} °C   with faults ${faulty} °C   snow ${snow}`;
  }
}

function metricOf(
  plan: PlannedRun,
  runs: readonly LiveRun[],
  name: string,
): LiveRun["fold"]["metrics"][number] | undefined {
  const run = runs.find((live) => live.name === plan.name);
  return run?.fold.metrics.find((metric) => metric.name === `val/${name}`);
}

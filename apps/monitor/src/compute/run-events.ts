import type { RunEvent } from "@lossflow/logs";

/** Events of one kind and metric that are kept one by one; those behind them are told together, as one event. */
export const MOST_ALIKE = 10_000;

interface Gathered {
  readonly event: RunEvent;
  take(event: RunEvent): void;
}

/**
 * The events of one run, in the order they began; an event that lasts still grows. Memory is bounded by the series of
 * the run, not by its length: from the 10,001st of a kind and metric on one event stands for all of them, with their
 * points (`count`) and where the last of them ended.
 */
export class RunEvents {
  readonly #list: RunEvent[] = [];
  readonly #alike: Map<string, { kept: number; gathered: Gathered | null }> = new Map();

  get list(): readonly RunEvent[] {
    return this.#list;
  }

  /** Those that stand for several: what they say grows with each. */
  get gathered(): readonly RunEvent[] {
    return [...this.#alike.values()].flatMap(({ gathered }) => gathered?.event ?? []);
  }

  /** Adds an event. @returns what is new in the list, null where the event was gathered into one that is there. */
  add(event: RunEvent): RunEvent | null {
    const key = `${event.kind} ${event.metric ?? ""}`;
    let alike = this.#alike.get(key);
    if (alike === undefined) this.#alike.set(key, (alike = { kept: 0, gathered: null }));
    if (alike.gathered !== null) {
      alike.gathered.take(event);
      return null;
    }
    let added = event;
    if (alike.kept++ >= MOST_ALIKE) {
      alike.gathered = gather(event);
      added = alike.gathered.event;
    }
    this.#list.push(added);
    return added;
  }
}

function gather(first: RunEvent): Gathered {
  const { kind, metric, step, value } = first;
  let latest = first;
  let events = 1;
  let ended = 0;
  return {
    take(event) {
      ended += latest.count;
      latest = event;
      events++;
    },
    event: {
      kind,
      metric,
      step,
      value,
      get lastStep() {
        return latest.lastStep;
      },
      get count() {
        return ended + latest.count;
      },
      get message() {
        if (events === 1) return latest.message;
        const whose = metric === null ? "" : ` of ${metric}`;
        const where = step === null ? "" : ` from step ${step} to ${latest.lastStep}`;
        return `${events} more of ${kind}${whose}${where}, told together; the last one: ${latest.message}`;
      },
    },
  };
}

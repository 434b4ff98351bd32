import type { EventKind } from "./record.ts";
import type { LogSink } from "./sink.ts";

/** What is known of an incident. */
export interface Incident {
  readonly kind: EventKind;
  readonly message: string;
  /** NaN where it has none. */
  readonly step: number;
  readonly metric?: string;
  readonly value?: number;
  /** It is one of its own, whatever stood before. */
  readonly alone?: boolean;
}

/** An incident that may still grow. */
interface OpenEvent {
  kind: EventKind;
  step: number | null;
  lastStep: number | null;
  count: number;
  metric: string | null;
  value: number | null;
  message: string;
}

/** The incidents of a run that still last: the next one of a kind extends the one before if it follows at once. */
export class OpenIncidents {
  readonly #sink: LogSink;
  readonly #open = new Map<EventKind, { event: OpenEvent; record: number }>();

  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  /** Reports an incident at the record of that number. */
  report({ kind, message, step: at, metric, value, alone }: Incident, record: number): void {
    const step = Number.isNaN(at) ? null : at;
    const open = this.#open.get(kind);
    if (open !== undefined && alone !== true && record <= open.record + 1) {
      open.record = record;
      open.event.count++;
      open.event.lastStep = step ?? open.event.lastStep;
      open.event.value = value ?? open.event.value;
      return;
    }
    const event: OpenEvent = {
      kind,
      step,
      lastStep: step,
      count: 1,
      metric: metric ?? null,
      value: value ?? null,
      message,
    };
    this.#open.set(kind, { event, record });
    this.#sink.event(event);
  }
}

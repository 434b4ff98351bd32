import type { RunEvent } from "@lossflow/logs";
import type { Incident } from "./incident.ts";

/** How the alarms of one kind did over some runs. */
export interface AlarmScore {
  readonly kind: string;
  /** Incidents that the labels name. */
  readonly incidents: number;
  /** Of these, told by an alarm of this kind. */
  readonly found: number;
  readonly alarms: number;
  /** Alarms in labelled runs that no label explains. */
  readonly falseAlarms: number;
}

/** Adds up how alarms did over runs, by kind. */
export class AlarmScores {
  readonly #scores = new Map<string, { -readonly [K in keyof AlarmScore]: AlarmScore[K] }>();

  /**
   * Holds the alarms of one run against its labels; null where it has none, and nothing is called false. An alarm of the
   * kind and metric of an incident that begins within it finds it; one of a kind that may tell of it too is not false.
   * @returns the false ones.
   */
  add(events: readonly RunEvent[], incidents: readonly Incident[] | null): readonly RunEvent[] {
    const falseAlarms: RunEvent[] = [];
    const found = new Set<Incident>();
    for (const event of events) {
      const score = this.#of(event.kind);
      score.alarms++;
      if (incidents === null) continue;
      const step = event.step ?? Number.NaN;
      const here = incidents.filter(
        (incident) =>
          (incident.metric === null || incident.metric === event.metric) &&
          step >= incident.step &&
          step <= incident.until,
      );
      const own = here.find(({ kind }) => kind === event.kind);
      if (own !== undefined) found.add(own);
      else if (!here.some(({ also }) => also.includes(event.kind))) {
        score.falseAlarms++;
        falseAlarms.push(event);
      }
    }
    for (const incident of incidents ?? []) {
      const score = this.#of(incident.kind);
      score.incidents++;
      if (found.has(incident)) score.found++;
    }
    return falseAlarms;
  }

  /** The scores, in the order in which their kinds are looked for. */
  list(): AlarmScore[] {
    const rank = ({ kind }: AlarmScore): number => (KINDS.indexOf(kind) + KINDS.length) % KINDS.length;
    return [...this.#scores.values()].sort((a, b) => rank(a) - rank(b));
  }

  #of(kind: string): { -readonly [K in keyof AlarmScore]: AlarmScore[K] } {
    let score = this.#scores.get(kind);
    if (score === undefined)
      this.#scores.set(kind, (score = { kind, incidents: 0, found: 0, alarms: 0, falseAlarms: 0 }));
    return score;
  }
}

/** What the detectors look for: other events are the log's own words, and not judged. */
export const KINDS: readonly string[] = ["nan", "inf", "spike", "divergence", "plateau", "stall"];

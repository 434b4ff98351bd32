/** What a detector finds; has the shape of an event of a run. */
export interface SeriesEvent {
  readonly kind: "nan" | "inf" | "spike" | "divergence" | "plateau" | "stall";
  readonly step: number;
  /** The last point of the incident so far. */
  readonly lastStep: number;
  /** How many points it has so far. */
  readonly count: number;
  readonly metric: string;
  readonly value: number;
  /** One sentence for a person. */
  readonly message: string;
}

/**
 * Looks at the points of one series in their order and finds incidents. Memory does not grow with the points.
 *
 * One incident is one event: `add` returns it with the point that opens it, and the same object grows (`lastStep`,
 * `count`, `value`, `message`) while the incident lasts; copy it to keep what it says now.
 */
export interface Detector {
  /** `time` in seconds, where known. @returns the event of an incident that this point opens, else null. */
  add(step: number, value: number, time?: number): SeriesEvent | null;
  /** Forgets what came before: the series goes on elsewhere (a resume, a restart). An open incident ends. */
  reset(): void;
}

/** An event that still grows. */
export type OpenEvent = { -readonly [K in keyof SeriesEvent]: SeriesEvent[K] };

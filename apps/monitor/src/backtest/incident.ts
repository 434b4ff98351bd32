/** An incident that a run is known to have. */
export interface Incident {
  readonly kind: string;
  /** null: of any metric. */
  readonly metric: string | null;
  /** The first step of it. */
  readonly step: number;
  /** The last step at which an alarm still counts for it. */
  readonly until: number;
  /** Other kinds that may tell of it too: a jump that stays is a spike first. */
  readonly also: readonly string[];
}

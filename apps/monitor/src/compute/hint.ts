/** Something about how a log was written, that its figures do not say by themselves; with what it was seen by. */
export interface Hint {
  readonly kind: "zero" | "masked-nan" | "running-mean" | "window-mean" | "final-average" | "factor";
  readonly metric: string;
  /** Where it was first seen; null where it is of the whole series. */
  readonly step: number | null;
  /** One sentence with the evidence. */
  readonly message: string;
}

/** Writes a number for a hint: four digits. */
export function brief(x: number): string {
  return String(Number(x.toPrecision(4)));
}

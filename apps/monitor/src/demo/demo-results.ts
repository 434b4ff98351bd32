import type { Detection } from "./detection.ts";

/** One model that foretells temperatures, on the days held out. Units: °C. */
export interface TemperatureScore {
  readonly title: string;
  readonly faults: boolean;
  /** Mean absolute error. */
  readonly error: number;
  /** Mean of prediction minus truth: above 0, the model says too warm. */
  readonly bias: number;
  /** The epoch from which on the error stays within a twentieth of its last value. */
  readonly settled: number;
}

/** One model that tells snow days, on days it has not seen. */
export interface SnowScore extends Detection {
  readonly title: string;
  /** Mean of -ln of the probability given to what happened. */
  readonly logLoss: number;
}

/** What the demo found; tables and sentences are made from these figures and nothing else. */
export interface DemoResults {
  readonly days: number;
  readonly temperature: readonly TemperatureScore[];
  readonly temperatureDays: number;
  /** The error of foretelling the same temperature as today. */
  readonly sameAsToday: number;
  readonly snow: readonly SnowScore[];
  readonly snowDays: number;
}

/** The log loss of saying, every day, how often it snows: what a probability has to beat. */
export function logLossOfShare(share: number): number {
  return -share * Math.log(share) - (1 - share) * Math.log1p(-share);
}

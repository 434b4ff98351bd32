/** How well scores single out the rows that are 1. */
export interface Detection {
  readonly positives: number;
  /** Rows that are 1 with a score above the threshold. */
  readonly found: number;
  /** Rows that are 0 with a score above the threshold. */
  readonly falseAlarms: number;
  /** found / positives; NaN without positives. */
  readonly recall: number;
  /** found / (found + falseAlarms); NaN without any. */
  readonly precision: number;
  /** What the ranking is worth whatever the threshold; NaN without positives. */
  readonly averagePrecision: number;
}

/**
 * Computes precision and recall of `score > threshold` against targets of 0 and 1, and the average precision,
 * the sum over falling thresholds of (recall gained) * precision, tied scores being one threshold.
 */
export function computeDetection(
  target: ArrayLike<number>,
  score: ArrayLike<number>,
  threshold: number,
): Detection {
  const byScore = Array.from({ length: target.length }, (_, row) => row).sort(
    (a, b) => score[b]! - score[a]!,
  );
  const positives = byScore.reduce((sum, row) => sum + target[row]!, 0);
  let found = 0;
  let falseAlarms = 0;
  let hits = 0;
  let hitsBefore = 0;
  let area = 0;
  byScore.forEach((row, rank) => {
    hits += target[row]!;
    if (score[row]! > threshold) {
      found = hits;
      falseAlarms = rank + 1 - hits;
    }
    const next = byScore[rank + 1];
    if (next === undefined || score[next]! < score[row]!) {
      area += (hits - hitsBefore) * (hits / (rank + 1));
      hitsBefore = hits;
    }
  });
  return {
    positives,
    found,
    falseAlarms,
    recall: found / positives,
    precision: found / (found + falseAlarms),
    averagePrecision: area / positives,
  };
}

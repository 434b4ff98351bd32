/** Says how sure a reader is, from its confidence between 0 and 1. */
export function formatConfidence(confidence: number): string {
  if (confidence >= 0.9) return "sure";
  return confidence >= 0.6 ? "likely" : "a guess";
}

/** Finds the names closest to a misspelt one, nearest first: at most `limit`, none farther than half its length, each with a letter in common. */
export function nearestNames(name: string, names: readonly string[], limit: number = 3): readonly string[] {
  const reach = Math.max(1, Math.floor(name.length / 2));
  const isNear = (candidate: string, distance: number): boolean =>
    (distance <= reach && distance < Math.max(name.length, candidate.length)) ||
    candidate.includes(name.toLowerCase());
  return names
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => isNear(candidate, distance))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** The number of letters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(
        row[j - 1]! + 1,
        previous[j]! + 1,
        previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    previous = row;
  }
  return previous[b.length]!;
}

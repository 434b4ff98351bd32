/**
 * Finds the names closest to a misspelt one, nearest first: at most `limit`. Those are near that begin with it, hold
 * three letters or more of it in one piece, or take few letters to mend: half of its own at most, and never all of the
 * name, so that a wrong column "x" is not said to mean each other column of one letter. Dashes, underlines and case do
 * not count.
 */
export function nearestNames(name: string, names: readonly string[], limit: number = 3): readonly string[] {
  // From callers without types it may be anything.
  const wrong = typeof name === "string" && lettersOf(name);
  if (!wrong) return [];
  const distanceOf = (candidate: string): number => editDistance(wrong, lettersOf(candidate));
  return names
    .filter((candidate) => {
      const right = lettersOf(candidate);
      const distance = distanceOf(candidate);
      return (
        (distance <= Math.max(1, wrong.length >> 1) && distance < Math.max(wrong.length, right.length)) ||
        right.startsWith(wrong) ||
        (wrong.length > 2 && right.includes(wrong))
      );
    })
    .sort((a, b) => distanceOf(a) - distanceOf(b))
    .slice(0, limit);
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}

/** The number of letters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const letter of a) {
    let left = row[0]!;
    row = row.map(
      (above, j) => (left = 1 + Math.min(left, above, j ? row[j - 1]! - Number(letter === b[j - 1]) : above)),
    );
  }
  return row.at(-1)!;
}

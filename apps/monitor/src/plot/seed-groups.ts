/** A part of a run's name that tells repetitions of one training apart: `seed3`, `-s1`, `/seed=7`, `rep_2`. */
const SEED = /(^|[-_./ ])(?:seed|rng|rep|repeat|trial|s)[-_=. ]?\d+(?=$|[-_./ ])/i;

/** What the repetitions of one training have in common in their names; null where a name tells of no seed. */
export function seedGroupOf(name: string): string | null {
  if (!SEED.test(name)) return null;
  const rest = name.replace(SEED, "").replace(/^[-_./ ]+/, "");
  return rest === "" ? "seeds" : rest;
}

/** Whether some of these runs differ by their seed alone. */
export function hasSeedGroup(names: readonly string[]): boolean {
  const groups = names.map(seedGroupOf).filter((group) => group !== null);
  return new Set(groups).size < groups.length;
}

/** The seed of this run: LOSSFLOW_SEED, else a fixed one. Failures print it. */
export const SEED = Number(
  (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env["LOSSFLOW_SEED"] ??
    20250101,
);

/** Makes a generator of numbers in [0, 1) from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

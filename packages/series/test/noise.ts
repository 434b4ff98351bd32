/** Seeded standard normal numbers; LOSSFLOW_SEED=n gives others. */
export function normals(seed: number): () => number {
  let state = (seed + Number(process.env["LOSSFLOW_SEED"] ?? 0)) | 0;
  const uniform = (): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A run of `length` losses, `f` of the step. */
export function run(length: number, f: (step: number) => number): number[] {
  return Array.from({ length }, (_, step) => f(step));
}

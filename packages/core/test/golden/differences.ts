/** The numbers of a tensor of numbers or decimal strings, in order. */
export function flatNumbers(tensor: unknown): number[] {
  if (Array.isArray(tensor) || ArrayBuffer.isView(tensor)) {
    return Array.from(tensor as unknown as ArrayLike<unknown>).flatMap(flatNumbers);
  }
  return [Number(tensor)];
}

/** How many floats lie from `got` to `wanted`; 0 for equal ones and for two NaN, Infinity where only one is finite. */
export function ulpsBetween(got: number, wanted: number, width: "f64" | "f32"): number {
  if (got === wanted || (Number.isNaN(got) && Number.isNaN(wanted))) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(wanted)) return Infinity;
  const distance = place(got, width) - place(wanted, width);
  return Number(distance < 0n ? -distance : distance);
}

/** Says where `got` is further from `wanted` than both tolerances allow; null where it is nowhere. */
export function differenceBetween(
  got: unknown,
  wanted: unknown,
  tolerance: { readonly ulp: number; readonly absolute: unknown },
  width: "f64" | "f32",
): string | null {
  const a = flatNumbers(got);
  const b = flatNumbers(wanted);
  if (a.length !== b.length) return `${a.length} numbers, expected ${b.length}`;
  const bounds = Array.isArray(tolerance.absolute) ? flatNumbers(tolerance.absolute) : null;
  for (let i = 0; i < a.length; i++) {
    const bound = bounds === null ? Number(tolerance.absolute ?? 0) : bounds[i]!;
    const ulps = ulpsBetween(a[i]!, b[i]!, width);
    const isNear = bound > 0 && Math.abs(a[i]! - b[i]!) <= bound;
    if (ulps > tolerance.ulp && !isNear) return `[${i}] is ${a[i]}, expected ${b[i]}: ${ulps} ulp apart`;
  }
  return null;
}

function place(x: number, width: "f64" | "f32"): bigint {
  const bytes = new DataView(new ArrayBuffer(8));
  if (width === "f32") bytes.setFloat32(0, x);
  else bytes.setFloat64(0, x);
  const bits = width === "f32" ? BigInt(bytes.getInt32(0)) : bytes.getBigInt64(0);
  const sign = width === "f32" ? 0x7fff_ffffn : 0x7fff_ffff_ffff_ffffn;
  return bits < 0n ? -(bits & sign) : bits;
}

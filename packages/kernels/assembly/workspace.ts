import { BLOCK_BYTES } from "./vector";

/*
 * The memory of one instance, at an address that the host gives: nothing here is shared between instances, so that
 * several may work in one memory.
 */

/** Where the workspace begins. */
export let base: usize = 0;

export function setBase(address: usize): void {
  base = address;
}

/** Losses of the block at hand. */
// @ts-ignore: decorator
@inline
export function losses(): usize {
  return base;
}
/** Targets and predictions of the block as doubles. */
// @ts-ignore: decorator
@inline
export function targets(): usize {
  return base + BLOCK_BYTES;
}
// @ts-ignore: decorator
@inline
export function predictions(): usize {
  return base + 2 * BLOCK_BYTES;
}
/** What a step leaves for the next. */
// @ts-ignore: decorator
@inline
export function scratch(i: usize): usize {
  return base + (3 + i) * BLOCK_BYTES;
}
/** The parameters of the loss, doubles. */
// @ts-ignore: decorator
@inline
export function parameter(i: usize): f64 {
  return load<f64>(base + 8 * BLOCK_BYTES + (i << 3));
}
/** The factor of a class, where there are factors: parameter 12 says how many, from 16 on they stand. */
// @ts-ignore: decorator
@inline
export function classFactor(c: usize): f64 {
  return parameter(12) == 0 ? 1 : parameter(16 + <i32>c);
}
/** Where the factors of the classes stand; 0 where there are none. */
// @ts-ignore: decorator
@inline
export function classFactors(): usize {
  return parameter(12) == 0 ? 0 : base + 8 * BLOCK_BYTES + (16 << 3);
}
/** What rounding took from what stands in the losses on the way. */
// @ts-ignore: decorator
@inline
export function rests(): usize {
  return base + 9 * BLOCK_BYTES;
}

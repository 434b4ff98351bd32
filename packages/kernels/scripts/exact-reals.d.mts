export const ONE: bigint;
export const LN2: bigint;
export function fromRatio(numerator: number | bigint, denominator: number | bigint): bigint;
export function times(a: bigint, b: bigint): bigint;
export function over(a: bigint, b: bigint): bigint;
export function exp(x: bigint): bigint;
export function log(x: bigint): bigint;
export function toDouble(x: bigint): number;
export function fromDouble(x: number): bigint;

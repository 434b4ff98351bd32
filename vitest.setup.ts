import { expect } from "vitest";

/*
 * Vitest takes microseconds for each number of an array that it compares, and most of what these tests compare is
 * arrays. What is equal beyond doubt is said to be so at once; everything else is left to Vitest, which says what differs.
 */
const INSTALLED = Symbol.for("lossflow.equal-at-once");
if (!(INSTALLED in globalThis)) {
  Object.assign(globalThis, { [INSTALLED]: true });
  expect.addEqualityTesters([(a, b) => (isEqualAtOnce(a, b, 0) ? true : undefined)]);
}

const DEEPEST = 20;

/** Whether two primitives, typed arrays, arrays or plain objects are the same in every part, NaN and -0 included. */
function isEqualAtOnce(a: unknown, b: unknown, depth: number): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || depth > DEEPEST)
    return false;
  const prototype: unknown = Object.getPrototypeOf(a);
  if (Object.getPrototypeOf(b) !== prototype) return false;
  if (ArrayBuffer.isView(a))
    return !(a instanceof DataView) && areSameNumbers(a as Float64Array, b as Float64Array);
  if (prototype !== Array.prototype && prototype !== Object.prototype && prototype !== null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || Object.getOwnPropertySymbols(a).length > 0) return false;
  const keys = Object.keys(a);
  if (Object.keys(b).length !== keys.length || Object.getOwnPropertySymbols(b).length > 0) return false;
  if (Array.isArray(a) && (a.length !== keys.length || (b as unknown[]).length !== keys.length)) return false;
  const [mine, theirs] = [a, b] as readonly Readonly<Record<string, unknown>>[];
  return keys.every((key) => Object.hasOwn(b, key) && isEqualAtOnce(mine![key], theirs![key], depth + 1));
}

function areSameNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** Whether `x` is an array of this kind, from whichever realm. */
export function isArrayOf(kind: "Float64Array" | "Int32Array", x: unknown): boolean {
  return Object.prototype.toString.call(x) === `[object ${kind}]`;
}

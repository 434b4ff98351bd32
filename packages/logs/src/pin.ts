export { pinFromLine } from "./pin/pin-from-line.ts";
export { pinFromPattern } from "./pin/pin-from-pattern.ts";

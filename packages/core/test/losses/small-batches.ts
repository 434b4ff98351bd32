import * as fc from "fast-check";
import { between, floats } from "./any-batch.ts";

/** Numbers in a batch, in four rows of three classes where a loss has rows. */
export const SIZE = 12;
export const reals = floats(between(-6, 6), SIZE);
export const hard = floats(fc.constantFrom(0, 1), SIZE);
export const labels = floats(fc.constantFrom(0, 1, 2), SIZE / 3);
export const rows = { shape: [SIZE / 3, 3] };
export const none = { reduction: "none" } as const;

import type { LossId } from "@lossflow/core";
import { peer } from "../contestants/peer.ts";
import type { PlainCase } from "./plain-case.ts";

type Accumulator = (prediction: number, target: number) => number;

const NAMES: Readonly<Partial<Record<LossId, string>>> = {
  mse: "@stdlib/stats-incr-mse",
  mae: "@stdlib/stats-incr-mae",
  mape: "@stdlib/stats-incr-mape",
};

/** The mean losses that @stdlib has, fed one pair at a time as it wants them; null where it has none or is not installed. */
export async function stdlibMean({
  id,
  prediction,
  target,
  rows,
}: PlainCase): Promise<(() => number) | null> {
  const name = NAMES[id];
  const module = name === undefined ? null : await peer(name);
  if (module === null) return null;
  const make = module["default"] as () => Accumulator;
  return () => {
    const add = make();
    let mean = 0;
    for (let i = 0; i < rows; i++) mean = add(prediction[i]!, target[i]!);
    return mean;
  };
}

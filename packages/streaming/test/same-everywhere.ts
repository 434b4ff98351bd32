import {
  Dictionary,
  Int32,
  makeData,
  Table,
  tableFromArrays,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import type { Engine } from "../src/fold/engine.ts";
import expected from "./same-everywhere.expected.json" with { type: "json" };
import { seededRandom } from "./seeded-random.ts";

/**
 * Jobs that are run in Node and in browsers. Losses of additions and multiplications alone are the same to the last bit
 * everywhere; ECMAScript leaves the last bit of Math.exp, log and log1p to the platform, WebAssembly leaves nothing.
 */
export const JOBS = {
  regression: {
    arithmeticOnly: true,
    losses: ["mse", "mae", "huber"],
    target: "y",
    prediction: "p",
    weight: "w",
    top: 3,
  },
  classification: {
    arithmeticOnly: false,
    losses: ["bce_logits", "focal_logits"],
    target: "hit",
    prediction: "p",
    by: "group",
  },
} as const;

/** Whether the bits of a job are the same on every platform. */
export function isSameEverywhere(engine: Engine, job: { readonly arithmeticOnly: boolean }): boolean {
  return engine === "wasm-simd" || job.arithmeticOnly;
}

/** Their figures by `job engine`, as Node gave them; `UPDATE_EXPECTED=1` writes them anew. */
export const EXPECTED = expected as Readonly<Record<string, unknown>>;

const ROWS = 120_000;
const GROUPS = ["red", "green", "blue"];

/** The same rows as a table, as bytes of an Arrow file and as CSV. */
export function sourcesOfJob(): Readonly<Record<"a table" | "an Arrow file" | "CSV", Table | Uint8Array>> {
  const random = seededRandom(7);
  const numbers = (of: () => number) => Float32Array.from({ length: ROWS }, of);
  const y = numbers(() => (random() - 0.5) * 2 ** (30 * random()));
  const p = numbers(() => (random() - 0.5) * 16);
  const w = numbers(() => Math.floor(4 * random()));
  const hit = numbers(() => (random() < 0.3 ? 1 : 0));
  const codes = Int32Array.from({ length: ROWS }, () => Math.floor(3 * random()));
  const type = new Dictionary(new Utf8(), new Int32());
  const group = makeData({
    type,
    length: ROWS,
    data: codes,
    dictionary: vectorFromArray(GROUPS, new Utf8()),
  });
  const table = tableFromArrays({ y, p, w, hit }).assign(new Table({ group: new Vector([group]) }));
  const lines = Array.from(codes, (code, i) => `${y[i]},${p[i]},${w[i]},${hit[i]},${GROUPS[code]}\n`);
  return {
    "a table": table,
    "an Arrow file": tableToIPC(table, "file"),
    CSV: new TextEncoder().encode(`y,p,w,hit,group\n${lines.join("")}`),
  };
}

/** Whether plain data is the same, but that numbers may differ by `relative` of themselves. */
export function isNear(found: unknown, due: unknown, relative: number): boolean {
  if (typeof found === "number" && typeof due === "number")
    return Math.abs(found - due) <= relative * Math.abs(due);
  if (typeof found !== "object" || found === null || typeof due !== "object" || due === null)
    return found === due;
  const others = due as Record<string, unknown>;
  return (
    Object.keys(found).join() === Object.keys(due).join() &&
    Object.entries(found).every(([key, value]) => isNear(value, others[key], relative))
  );
}

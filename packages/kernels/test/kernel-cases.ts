import { lossFromSpec, type Loss, type LossId } from "@lossflow/core";
import type { Column } from "../src/column.ts";
import { Random } from "./random.ts";

/** One loss with a kernel, and how many units of the last place its figures may lie from those of @lossflow/core. */
export interface KernelCase {
  readonly id: LossId;
  readonly params: Readonly<Record<string, unknown>>;
  readonly ulps: number;
}

const of = (id: LossId, ulps: number, params: Record<string, unknown> = {}): KernelCase => ({
  id,
  params,
  ulps,
});

export const CASES: readonly KernelCase[] = [
  of("mse", 0),
  of("mae", 0),
  of("huber", 0),
  of("huber", 0, { delta: 0.1 }),
  of("huber", 0, { delta: 10 }),
  of("smooth_l1", 0),
  of("smooth_l1", 0, { beta: 0 }),
  of("smooth_l1", 0, { beta: 0.7 }),
  of("bce_logits", 4),
  of("bce_logits", 4, { pos_weight: 3, label_smoothing: 0.1 }),
  of("balanced_bce_logits", 4, { beta: 0.3 }),
  of("focal_logits", 4, { gamma: 0 }),
  of("focal_logits", 4, { gamma: 0.5 }),
  of("focal_logits", 4, { gamma: 1, alpha: 0.25 }),
  of("focal_logits", 4, { gamma: 2, alpha: 0.25 }),
  of("focal_logits", 4, { gamma: 3 }),
  of("bce", 4),
  of("bce", 4, { convention: "torch" }),
  of("bce", 4, { convention: "keras" }),
  of("bce", 4, { label_smoothing: 0.2 }),
  of("balanced_bce", 4, { beta: 0.3 }),
  of("focal", 4, { gamma: 1.5, alpha: 0.4 }),
  of("focal", 4),
  of("focal", 4, { gamma: 3 }),
  of("scce_logits", 4),
  of("scce_logits", 4, { ignore_index: -100 }),
  of("scce", 4),
  of("scce", 4, { ignore_index: -100, convention: "torch" }),
  of("scce_logits", 4, { label_smoothing: 0.1 }),
  of("scce_logits", 4, { label_smoothing: 1, ignore_index: -100 }),
  of("scce_logits", 4, { label_smoothing: 0.2, class_weight: [1, 2, 0.3, 5, 1, 7, 1e-3, 1, 0.1, 4] }),
  of("scce", 4, { label_smoothing: 0.1, ignore_index: -100 }),
  of("scce", 4, { label_smoothing: 0.2, class_weight: [1, 2, 0.3, 5, 1, 7, 1e-3, 1, 0.1, 4] }),
  of("cce", 4),
  of("cce", 4, { label_smoothing: 0.1 }),
  of("cce_logits", 4),
  of("cce_logits", 4, { label_smoothing: 0.1 }),
  of("cce_logits", 4, { class_weight: [1, 2, 0.3, 0, 1, 7, 1e-3, 1, 0.1, 4] }),
  of("cce", 4, { class_weight: [1, 2, 0.3, 0, 1, 7, 1e-3, 1, 0.1, 4], label_smoothing: 0.1 }),
  of("focal_softmax", 4),
  of("focal_softmax", 4, { gamma: 0.5 }),
  of("focal_softmax", 4, { gamma: 3, alpha: 0.3 }),
  of("focal_softmax", 4, { gamma: 2, alpha: [1, 2, 0.3, 0, 1, 7, 1e-3, 1, 0.1, 4] }),
];

/** Classes of a case's rows: as many as it has factors for, else as given. */
export function classesOf({ params }: KernelCase, classes: number): number {
  const factors = params["class_weight"] ?? params["alpha"];
  return Array.isArray(factors) ? factors.length : classes;
}

export function nameOf({ id, params }: KernelCase): string {
  const given = Object.entries(params).map(([name, value]) => `${name}=${String(value)}`);
  return [id, ...given].join(" ");
}

/**
 * How predictions are spread: as a model gives them, as one does that is sure of itself, over many magnitudes, the ends of what a double holds, or where the
 * kernels' tables change over and end, with soft targets of any size.
 */
export type Spread = "near" | "broad" | "wide" | "extreme" | "edges";

export interface CaseColumns {
  readonly prediction: Float32Array | Float64Array;
  readonly target: Column;
  readonly rows: number;
  readonly classes: number;
}

export function lossOf({ id, params }: KernelCase): Loss {
  return lossFromSpec({ loss: id, params });
}

/** Seeded columns for a loss. */
export function columnsFor(
  loss: Loss,
  type: typeof Float32Array | typeof Float64Array,
  spread: Spread,
  rows: number,
  classes: number,
  seed: number,
): CaseColumns {
  const random = new Random(seed);
  const width = loss.unit === "row" ? classes : 1;
  const isProbability = ["bce", "focal", "balanced_bce", "scce", "cce"].includes(loss.id);
  const prediction = new type(rows * width);
  for (let i = 0; i < prediction.length; i++) {
    prediction[i] = isProbability ? probability(random, spread) : real(random, spread);
  }
  if (loss.target === "label") {
    const target = new Int32Array(rows);
    const ignored = loss.params["ignore_index"];
    for (let i = 0; i < rows; i++) {
      target[i] = typeof ignored === "number" && random.unit() < 0.1 ? ignored : random.below(classes);
    }
    return { prediction, target, rows, classes: width };
  }
  const target = new type(loss.target === "distribution" ? rows * width : rows);
  for (let i = 0; i < target.length; i++) {
    if (loss.target === "real") target[i] = real(random, spread);
    else if (spread === "extreme" && random.unit() < 0.05) target[i] = random.pick(UNIT_EXTREMES);
    else if (spread === "edges" && random.unit() < 0.3) target[i] = halved(random.unit(), random.below(400));
    else target[i] = random.unit() < 0.6 ? random.below(2) : random.unit();
  }
  return { prediction, target, rows, classes: width };
}

function real(random: Random, spread: Spread): number {
  const x = 2 * random.normal();
  if (spread === "near") return x;
  if (spread === "broad") return 5 * x;
  if (spread === "edges") return edge(random);
  if (spread === "extreme" && random.unit() < 0.3) return random.pick(EXTREMES);
  return x * random.pick([1e-9, 1e-3, 1, 1, 10, 10, 200]);
}

/** Half-way between multiples of 1/16, about 40, and beyond. */
function edge(random: Random): number {
  const sign = random.below(2) === 0 ? 1 : -1;
  const kind = random.below(4);
  if (kind === 0) return sign * (40 + halved(random.unit() - 0.5, random.below(30)));
  if (kind === 1) return sign * 720 * random.unit();
  return sign * (random.below(640) / 16 + 1 / 32 + halved(random.unit() - 0.5, 10 + random.below(20)));
}

function probability(random: Random, spread: Spread): number {
  const p = random.unit();
  if (spread === "near" || spread === "broad") return p;
  if (spread === "extreme" && random.unit() < 0.3) return random.pick(UNIT_EXTREMES);
  return random.pick([p, halved(p, random.below(80)), 1 - halved(p, random.below(40))]);
}

/** x / 2^times, by divisions, which round the same everywhere. */
function halved(x: number, times: number): number {
  for (let i = 0; i < times; i++) x /= 2;
  return x;
}

const EXTREMES: readonly number[] = [
  0,
  -0,
  40,
  -40,
  40.000003814697266,
  340,
  -340,
  340.00003,
  709.7,
  -709.7,
  745.1,
  -745.2,
  1e4,
  -1e4,
  3e38,
  -3e38,
  2 ** -126,
  -(2 ** -126),
  2 ** -149,
  2 ** -1022,
  5e-324,
  1.7e308,
  -1.7e308,
  Infinity,
  -Infinity,
  Number.NaN,
];

const UNIT_EXTREMES: readonly number[] = [
  0,
  -0,
  1,
  1 - 2 ** -24,
  1 - 2 ** -53,
  0.5,
  2 ** -149,
  2 ** -1022,
  5e-324,
  Number.NaN,
];

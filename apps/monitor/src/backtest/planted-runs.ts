import { seededRandom } from "../demo/seeded-random.ts";
import type { Incident } from "./incident.ts";
import { LOSS_SHAPES, type LossShape } from "./loss-shapes.ts";
import { normal } from "./normal.ts";
import { PLANTS, type Plant } from "./plants.ts";

/** A series of a generated run; it has a value at every `every`-th place of the run. */
export interface PlantedSeries {
  readonly metric: string;
  readonly every: number;
  readonly values: Float64Array;
}

/** A generated run and what was planted in it. */
export interface PlantedRun {
  readonly shape: string;
  readonly plant: string;
  readonly steps: Float64Array;
  /** Seconds since 1970. */
  readonly times: Float64Array;
  readonly train: PlantedSeries;
  readonly val: PlantedSeries;
  readonly norm: PlantedSeries;
  readonly random: () => number;
}

/**
 * Generates a run of every shape of loss with every plant, none among them, `repeats` times with other random numbers, of
 * 300 to 5,000 points. The same for the same seed, but for the last bits of the platform's `Math.exp` and `Math.log`.
 */
export function* plantedRuns(
  seed: number,
  repeats: number,
): Generator<{ readonly run: PlantedRun; readonly incidents: readonly Incident[] }> {
  let n = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const shape of LOSS_SHAPES) {
      for (const plant of PLANTS) {
        const run = runOf(shape, plant, LENGTHS[n % LENGTHS.length]!, seededRandom(seed * 1_000_003 + n));
        n++;
        yield { run, incidents: plant.into(run) };
      }
    }
  }
}

const LENGTHS: readonly number[] = [300, 800, 2_000, 5_000, 800];
/** Steps between two points, as logs have them. */
const STRIDES: readonly number[] = [1, 10, 50];

function runOf(shape: LossShape, plant: Plant, length: number, random: () => number): PlantedRun {
  const stride = STRIDES[Math.floor(random() * STRIDES.length)]!;
  const interval = 0.2 + 20 * random() ** 3;
  const steps = Float64Array.from({ length }, (_, i) => (i + 1) * stride);
  const times = new Float64Array(length);
  for (let i = 0, at = 1.7e9; i < length; i++) times[i] = at += interval * (0.9 + 0.2 * random());
  const train = shape.make(length, random);
  const every = Math.max(5, Math.floor(length / 40));
  const val = new Float64Array(length);
  for (let i = 0, level = train[0]!; i < length; i++) {
    level += (train[i]! - level) / every;
    val[i] = 1.05 * level;
  }
  const norm = Float64Array.from(
    { length },
    (_, i) => (0.5 + 4 * Math.exp(-i / 60)) * Math.exp(0.25 * normal(random)),
  );
  return {
    shape: shape.name,
    plant: plant.name,
    steps,
    times,
    train: { metric: "train/loss", every: 1, values: train },
    val: { metric: "val/loss", every, values: val },
    norm: { metric: "grad_norm", every: 1, values: norm },
    random,
  };
}

import {
  RunningLoss,
  lossFromSpec,
  type Loss,
  type RunningLossOptions,
  type RunningLossState,
} from "@lossflow/core";
import { createAdam, stepAdam, type Adam } from "./adam.ts";
import type { PlannedRun } from "./demo-plan.ts";
import { backward, createNetwork, forward, type Network } from "./network.ts";
import { seededRandom } from "./seeded-random.ts";
import { shuffle } from "./shuffle.ts";
import { heldOutRows, type Fold } from "./task.ts";

/** One line of the training log. */
export type LogLine = Readonly<Record<string, number>>;

export interface TrainingOptions {
  readonly epochs: number;
  readonly seed: number;
}

/** A model in training. */
export interface TrainingRun {
  readonly name: string;
  /** Goes once through the training rows of every fold and gives the lines for the log. */
  trainEpoch(): LogLine[];
  /** Foretells every row, in the order of the days; rows that are never held out are NaN. */
  predict(): Float64Array;
}

const HIDDEN = 16;
const BATCH = 32;
/** The rate of the first step; it falls to 0 along a half cosine. */
const RATE = 0.005;
/** Steps between two lines of the training loss. */
const LOG_EVERY = 10;
/** A model that blows up says so in its log. */
const OPENLY: RunningLossOptions = { nan: "propagate", squares: false };

/** A fold's own model: folds share nothing but the step counter. */
interface Learner {
  readonly fold: Fold;
  readonly network: Network;
  readonly adam: Adam;
  readonly order: Int32Array;
}

/**
 * Makes a run ready to train: mini-batches of 32, Adam, and the value and gradient of core's loss.
 *
 * `train/loss` is the mean over the rows of the steps since the line before, `val/loss` over all held-out rows
 * against the true targets; both are exact means, rounded once.
 */
export function createTrainingRun(plan: PlannedRun, options: TrainingOptions): TrainingRun {
  const { task } = plan;
  const loss = lossFromSpec(plan.spec);
  const sharedLoss = lossFromSpec(plan.shared.spec);
  const random = seededRandom(options.seed);
  const learners = task.folds.map((fold): Learner => {
    const bias = plan.subject === "temperature" ? meanTarget(task.shown, fold.train) : 0;
    const network = createNetwork(task.inputs, HIDDEN, bias, random);
    return { fold, network, adam: createAdam(network.parameters.length), order: fold.train.slice() };
  });
  const scored = heldOutRows(task);
  const truth = pick(task.target, scored);
  const stepsPerEpoch = learners.reduce((sum, { order }) => sum + Math.ceil(order.length / BATCH), 0);
  const steps = stepsPerEpoch * options.epochs;

  const active = new Float64Array(BATCH * HIDDEN);
  const prediction = new Float64Array(BATCH);
  const target = new Float64Array(BATCH);
  const slopes = new Float64Array(BATCH);
  const unreduced = new Float64Array(Math.max(BATCH, scored.length));
  let step = 0;
  let epoch = 0;
  let sinceLine = RunningLoss.create(OPENLY);

  const rate = (): number => (RATE / 2) * (1 + Math.cos((Math.PI * step) / steps));

  const trainBatch = ({ fold, network, adam, order }: Learner, from: number): void => {
    const rows = Math.min(BATCH, order.length - from);
    const predicted = prediction.subarray(0, rows);
    const wanted = target.subarray(0, rows);
    for (let k = 0; k < rows; k++) {
      const row = order[from + k]!;
      predicted[k] = forward(network, fold.features, row, active, k * HIDDEN);
      wanted[k] = task.shown[row]!;
    }
    addLosses(sinceLine, loss, predicted, wanted, unreduced);
    const lossByOutput = loss.gradient(predicted, wanted, { out: slopes.subarray(0, rows) });
    const gradient = new Float64Array(network.parameters.length);
    for (let k = 0; k < rows; k++) {
      backward(network, fold.features, order[from + k]!, active, k * HIDDEN, lossByOutput[k]!, gradient);
    }
    stepAdam(adam, network.parameters, gradient, rate());
    step++;
  };

  const predict = (): Float64Array => {
    const all = new Float64Array(task.target.length).fill(NaN);
    for (const { fold, network } of learners) {
      for (const row of fold.heldOut) all[row] = forward(network, fold.features, row, active, 0);
    }
    return all;
  };

  const trainEpoch = (): LogLine[] => {
    const lines: LogLine[] = [];
    epoch++;
    for (const learner of learners) {
      shuffle(learner.order, random);
      for (let from = 0; from < learner.order.length; from += BATCH) {
        const used = rate();
        trainBatch(learner, from);
        if (step % LOG_EVERY === 0 || step === steps) {
          lines.push({ step, epoch, lr: used, "train/loss": meanOf(sinceLine) });
          sinceLine = RunningLoss.create(OPENLY);
        }
      }
    }
    const guesses = pick(predict(), scored);
    lines.push({
      step,
      epoch,
      "val/loss": meanLoss(loss, guesses, truth, unreduced),
      [`val/${plan.shared.name}`]: meanLoss(sharedLoss, guesses, truth, unreduced),
    });
    return lines;
  };

  return { name: plan.name, trainEpoch, predict };
}

function addLosses(
  state: RunningLossState,
  loss: Loss,
  prediction: Float64Array,
  target: Float64Array,
  unreduced: Float64Array,
): void {
  const rows = prediction.length;
  const losses = unreduced.subarray(0, rows);
  loss.unreduced({ prediction, target, rows, classes: 1 }, losses);
  RunningLoss.addArray(state, losses);
}

function meanLoss(
  loss: Loss,
  prediction: Float64Array,
  target: Float64Array,
  unreduced: Float64Array,
): number {
  const state = RunningLoss.create(OPENLY);
  addLosses(state, loss, prediction, target, unreduced);
  return meanOf(state);
}

/** Of at least one row: then there is a mean. */
function meanOf(state: RunningLossState): number {
  return RunningLoss.value(state).mean ?? NaN;
}

function meanTarget(values: Float64Array, rows: Int32Array): number {
  return pick(values, rows).reduce((sum, value) => sum + value, 0) / rows.length;
}

function pick(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

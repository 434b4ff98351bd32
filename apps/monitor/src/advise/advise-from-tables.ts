import { isLossflowError, LossflowError } from "@lossflow/core";
import type { EvaluatedUnits, UnreducedLosses } from "@lossflow/streaming/node";
import type { Context } from "../cli/context.ts";
import { type LossJob, tablesFromSources } from "../cli/loss-job.ts";
import type { AdviseOptions } from "../commands/advise-command.ts";
import type { Advice } from "./advice.ts";
import { ClassAdviser } from "./advise-classes.ts";
import { RegressionAdviser } from "./advise-regression.ts";

/** What a first pass over the rows has told. */
interface Survey {
  count: number;
  missing: number;
  /** Whether all targets are 0 or 1; and whether there are both. */
  binary: boolean;
  zeros: boolean;
  ones: boolean;
  /** Whether all targets lie in [0, 1]. */
  unit: boolean;
  /** Whether all predictions lie in [0, 1], and of classes add up to 1. */
  probable: boolean;
}

/**
 * Reads the tables twice: what they hold, then what the advice needs of it.
 * @throws LF_NOTHING_TO_ADVISE where no row has both a target and a prediction; LF_* for refused data.
 */
export async function adviseFromTables(
  context: Context,
  sources: readonly string[],
  { task: asked, form, classes }: AdviseOptions,
  jobOf: (loss: string) => LossJob,
): Promise<Advice> {
  const { createPool, unreducedLosses } = await import("@lossflow/streaming/node");
  const pool = createPool({ workers: 0, engine: "js" });
  const read = async (loss: string): Promise<AsyncGenerator<UnreducedLosses>> =>
    unreducedLosses(
      await tablesFromSources(context, sources),
      { ...jobOf(loss), pool, signal: context.signal },
      { units: true },
    );
  try {
    // Names of classes are of labels, which a loss of rows reads.
    let loss =
      asked === "multiclass" || (asked === undefined && classes !== undefined) ? "scce_logits" : "mse";
    let survey: Survey;
    try {
      survey = await surveyOf(await read(loss));
    } catch (error) {
      // Lists of predictions against one label a row: a loss of rows.
      if (asked !== undefined || loss === "scce_logits") throw error;
      if (!isLossflowError(error) || error.code !== "LF_SHAPE") throw error;
      loss = "scce_logits";
      survey = await surveyOf(await read(loss));
    }
    if (survey.count === 0) throw nothingToAdvise(sources);
    const task =
      loss === "scce_logits"
        ? "multiclass"
        : (asked ?? (survey.binary && survey.zeros && survey.ones ? "binary" : "regression"));
    if (task === "binary" && !survey.unit)
      throw new LossflowError(
        "LF_NOT_BINARY",
        "Some targets are not in [0, 1]: this is no binary classification; leave --task out.",
      );
    const logits = form === undefined ? !survey.probable : form === "logits";
    const adviser =
      task === "regression" ? new RegressionAdviser() : new ClassAdviser(task === "binary", logits);
    for await (const { losses } of await read(loss))
      for (const { units } of losses) addUnits(adviser, units!, logits);
    if (adviser.count === 0) throw nothingToAdvise(sources);
    const { figures, advice, limits } = adviser.advise();
    const few = `Much: ${adviser.count} pairs are few, and another sample of as many may say otherwise.`;
    return {
      version: 1,
      task,
      predictions: task === "regression" ? "values" : logits ? "logits" : "probabilities",
      count: survey.count,
      notFinite: survey.count - adviser.count,
      missing: survey.missing,
      figures,
      advice,
      limits: adviser.count < FEW ? [few, ...limits] : limits,
    };
  } finally {
    await pool.close();
  }
}

async function surveyOf(batches: AsyncGenerator<UnreducedLosses>): Promise<Survey> {
  const survey: Survey = {
    count: 0,
    missing: 0,
    binary: true,
    zeros: false,
    ones: false,
    unit: true,
    probable: true,
  };
  for await (const { losses } of batches) {
    for (const { units, left } of losses) {
      const { classes, count, prediction, target } = units!;
      survey.count += count;
      if (left !== null) survey.missing += left.reduce((sum, one) => sum + Number(one === 1), 0);
      for (const value of target.subarray(0, count)) {
        survey.binary &&= value === 0 || value === 1;
        survey.zeros ||= value === 0;
        survey.ones ||= value === 1;
        survey.unit &&= value >= 0 && value <= 1;
      }
      for (let i = 0; i < count && survey.probable; i++) {
        let sum = 0;
        for (let j = 0; j < classes; j++) {
          const p = prediction[i * classes + j]!;
          survey.probable &&= p >= 0 && p <= 1;
          sum += p;
        }
        // As far as float32 and few decimals let a soft-max add up to 1.
        if (classes > 1) survey.probable &&= Math.abs(sum - 1) < 0.01;
      }
    }
  }
  return survey;
}

function addUnits(
  adviser: RegressionAdviser | ClassAdviser,
  { classes, count, prediction, target }: EvaluatedUnits,
  logits: boolean,
): void {
  for (let i = 0; i < count; i++) {
    if (adviser instanceof RegressionAdviser) adviser.add(prediction[i]!, target[i]!);
    else if (classes === 1) {
      const label = target[i]! >= 0.5 ? 1 : 0;
      if (target[i] !== label) adviser.addSoft();
      const p = logits ? 1 / (1 + Math.exp(-prediction[i]!)) : prediction[i]!;
      adviser.add(label, label === 1 ? p : 1 - p, label === 1 ? 1 - p : p);
    } else addRow(adviser, prediction.subarray(i * classes, (i + 1) * classes), target[i]!, logits);
  }
}

function addRow(adviser: ClassAdviser, row: Float64Array, label: number, logits: boolean): void {
  const highest = row.reduce((most, x) => Math.max(most, x), -Infinity);
  const sum = logits ? row.reduce((total, x) => total + Math.exp(x - highest), 0) : 1;
  let others = 0;
  let own = Number.NaN;
  for (const [k, x] of row.entries()) {
    const p = logits ? Math.exp(x - highest) / sum : x;
    if (k === label) own = p;
    else others = Math.max(others, p);
  }
  adviser.add(label, own, others);
}

/** Below this many pairs the shares of the rarest ones mean little. */
const FEW = 200;

function nothingToAdvise(sources: readonly string[]): LossflowError {
  return new LossflowError(
    "LF_NOTHING_TO_ADVISE",
    `No row of ${sources.join(", ")} has both a target and a prediction that are finite.`,
  );
}

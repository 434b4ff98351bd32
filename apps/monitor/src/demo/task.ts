/** Rows to learn from, and rows held out to score with. */
export interface Fold {
  /** `rows * inputs` numbers, each input brought to mean 0 and standard deviation 1 over the training rows. */
  readonly features: Float64Array;
  readonly train: Int32Array;
  readonly heldOut: Int32Array;
}

/** Something to learn: inputs and a target for each row, and which rows may be learnt from. */
export interface Task {
  readonly inputs: number;
  /** The day each row speaks of. */
  readonly dates: readonly string[];
  /** What is true; scores are against this. */
  readonly target: Float64Array;
  /** What the model is shown; differs from `target` where faults were put in. */
  readonly shown: Float64Array;
  /** No row is held out twice. */
  readonly folds: readonly Fold[];
}

/**
 * Makes a fold out of raw inputs. The scale comes from the training rows alone, so that nothing is learnt from
 * those held out.
 */
export function foldFromInputs(
  raw: readonly (readonly number[])[],
  train: Int32Array,
  heldOut: Int32Array,
): Fold {
  const inputs = raw[0]?.length ?? 0;
  const features = new Float64Array(raw.length * inputs);
  for (let input = 0; input < inputs; input++) {
    let sum = 0;
    for (const row of train) sum += raw[row]![input]!;
    const mean = sum / train.length;
    let squares = 0;
    for (const row of train) squares += (raw[row]![input]! - mean) ** 2;
    const deviation = Math.sqrt(squares / train.length) || 1;
    for (let row = 0; row < raw.length; row++) {
      features[row * inputs + input] = (raw[row]![input]! - mean) / deviation;
    }
  }
  return { features, train, heldOut };
}

/** All held-out rows of a task, in the order of the days. */
export function heldOutRows(task: Task): Int32Array {
  return Int32Array.from(task.folds.flatMap((fold) => [...fold.heldOut])).sort();
}

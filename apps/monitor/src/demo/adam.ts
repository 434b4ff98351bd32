const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

/** The running moments of a gradient. */
export interface Adam {
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** What of each moment still stems from its start at 0: decay to the power of the steps made. */
  firstBias: number;
  secondBias: number;
}

/** Makes the optimiser's state for `size` parameters. */
export function createAdam(size: number): Adam {
  return { first: new Float64Array(size), second: new Float64Array(size), firstBias: 1, secondBias: 1 };
}

/**
 * Moves `parameters` one step against `gradient`: rate * m / (sqrt(v) + 1e-8) with the debiased moments m and v
 * (decays 0.9 and 0.999; Kingma and Ba 2014, arXiv 1412.6980).
 */
export function stepAdam(adam: Adam, parameters: Float64Array, gradient: Float64Array, rate: number): void {
  adam.firstBias *= FIRST_DECAY;
  adam.secondBias *= SECOND_DECAY;
  const firstScale = 1 / (1 - adam.firstBias);
  const secondScale = 1 / (1 - adam.secondBias);
  for (let k = 0; k < parameters.length; k++) {
    const slope = gradient[k]!;
    const first = FIRST_DECAY * adam.first[k]! + (1 - FIRST_DECAY) * slope;
    const second = SECOND_DECAY * adam.second[k]! + (1 - SECOND_DECAY) * slope * slope;
    adam.first[k] = first;
    adam.second[k] = second;
    parameters[k]! -= (rate * first * firstScale) / (Math.sqrt(second * secondScale) + EPSILON);
  }
}

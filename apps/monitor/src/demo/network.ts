/**
 * A small net: a straight line and, beside it, one hidden layer of rectified units,
 *
 *   f(x) = b + w·x + sum over h of v_h max(0, c_h + u_h·x).
 *
 * All parameters stand in one array, b, w, then v_h, c_h, u_h for each unit, so that an optimiser sees one vector.
 * Only additions and multiplications: the same bits on every machine.
 */
export interface Network {
  readonly inputs: number;
  readonly hidden: number;
  readonly parameters: Float64Array;
}

/**
 * Makes a net that at first says nearly `bias` everywhere: the line starts at 0, u evenly within +-sqrt(6 / inputs)
 * (He et al. 2015, arXiv 1502.01852), v within a tenth of what would keep the scale, so that the start is calm.
 */
export function createNetwork(inputs: number, hidden: number, bias: number, random: () => number): Network {
  const parameters = new Float64Array(1 + inputs + hidden * (inputs + 2));
  parameters[0] = bias;
  const evenly = (limit: number): number => (2 * random() - 1) * limit;
  for (let unit = 0; unit < hidden; unit++) {
    const at = unitOffset(inputs, unit);
    parameters[at] = evenly(0.1 * Math.sqrt(6 / hidden));
    for (let input = 0; input < inputs; input++) parameters[at + 2 + input] = evenly(Math.sqrt(6 / inputs));
  }
  return { inputs, hidden, parameters };
}

/** Computes f of one row of `features` and leaves the hidden units' outputs in `active[at .. at + hidden)`. */
export function forward(
  network: Network,
  features: Float64Array,
  row: number,
  active: Float64Array,
  at: number,
): number {
  const { inputs, hidden, parameters } = network;
  const first = row * inputs;
  let output = parameters[0]!;
  for (let input = 0; input < inputs; input++) output += parameters[1 + input]! * features[first + input]!;
  for (let unit = 0; unit < hidden; unit++) {
    const offset = unitOffset(inputs, unit);
    let sum = parameters[offset + 1]!;
    for (let input = 0; input < inputs; input++) {
      sum += parameters[offset + 2 + input]! * features[first + input]!;
    }
    active[at + unit] = Math.max(0, sum);
    output += parameters[offset]! * active[at + unit]!;
  }
  return output;
}

/**
 * Adds to `gradient` what one row brings: the loss's derivative by f times f's derivative by each parameter, after
 * {@link forward} has left the same row's hidden outputs in `active`.
 */
export function backward(
  network: Network,
  features: Float64Array,
  row: number,
  active: Float64Array,
  at: number,
  lossByOutput: number,
  gradient: Float64Array,
): void {
  const { inputs, hidden, parameters } = network;
  const first = row * inputs;
  gradient[0]! += lossByOutput;
  for (let input = 0; input < inputs; input++)
    gradient[1 + input]! += lossByOutput * features[first + input]!;
  for (let unit = 0; unit < hidden; unit++) {
    const output = active[at + unit]!;
    if (output === 0) continue;
    const offset = unitOffset(inputs, unit);
    gradient[offset]! += lossByOutput * output;
    const lossBySum = lossByOutput * parameters[offset]!;
    gradient[offset + 1]! += lossBySum;
    for (let input = 0; input < inputs; input++) {
      gradient[offset + 2 + input]! += lossBySum * features[first + input]!;
    }
  }
}

function unitOffset(inputs: number, unit: number): number {
  return 1 + inputs + unit * (inputs + 2);
}

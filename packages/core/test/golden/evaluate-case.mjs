/*
 * Runs one golden case over the library given: names and shapes are mapped here, nothing is computed.
 * The library comes as an argument, so that the same mapping serves the built package and its sources.
 */

/** @returns {(oneCase: object) => { value: unknown, grad: unknown } | { agg: object }} */
export function evaluatorOver({ RunningLoss, lossFromSpec }) {
  return (oneCase) =>
    oneCase.loss === "aggregate" ? aggregate(RunningLoss, oneCase) : evaluate(lossFromSpec, oneCase);
}

function evaluate(lossFromSpec, { loss: id, dtype, params, input }) {
  const {
    pred,
    target,
    weight,
    sample_weight: sampleWeight,
    class_weight,
    pos_weight,
    var: variance,
  } = input;
  const more = {};
  if (class_weight !== undefined) more.class_weight = numbers(class_weight);
  if (pos_weight !== undefined) more.pos_weight = numbers(pos_weight);
  const loss = lossFromSpec({ loss: id, params: { ...params, ...more } });
  const options = {};
  if (weight !== undefined) options.weight = numbers(weight);
  if (sampleWeight !== undefined) options.sampleWeight = numbers(sampleWeight);
  if (variance !== undefined) options.variance = numbers(variance);
  let prediction = numbers(pred);
  if (dtype === "f32") {
    options.shape = shapeOf(pred);
    prediction = Float32Array.from(prediction.flat(Infinity));
  }
  return {
    value: loss.value(prediction, numbers(target), options),
    grad: loss.gradient(prediction, numbers(target), options),
  };
}

function aggregate(RunningLoss, { params, input }) {
  const state = RunningLoss.create({
    nan: params.nan ?? "propagate",
    zeroWeight: params.zero_weight ?? "multiply",
  });
  for (const { values, weights, repeat } of input.chunks) {
    if (repeat !== undefined) RunningLoss.addRepeated(state, Number(repeat.value), BigInt(repeat.count));
    for (const [i, value] of (values ?? []).entries()) {
      if (value === null) RunningLoss.addMissing(state, 1);
      else RunningLoss.add(state, Number(value), Number(weights?.[i] ?? 1));
    }
  }
  const { count, finite, posInf, negInf, nan, ignored, sum, mean, weightSum } = RunningLoss.value(state);
  const byReduction = (reduction) => RunningLoss.reduce(state, reduction) ?? Number.NaN;
  return {
    agg: {
      // The cases count rows of weight 0 too, and NaN only where it is not skipped.
      count: params.nan === "skip" ? total(finite, posInf, negInf) : total(count, ignored),
      sum,
      mean: mean ?? Number.NaN,
      nan_count: nan,
      weight_sum: weightSum,
      mean_weighted: mean ?? Number.NaN,
      mean_by_count: byReduction("sum_over_batch_size"),
      mean_by_nonzero: byReduction("sum_by_nonzero_weights"),
    },
  };
}

function total(...counts) {
  return counts.map(BigInt).reduce((a, b) => a + b);
}

function numbers(tensor) {
  return Array.isArray(tensor) ? tensor.map(numbers) : Number(tensor);
}

function shapeOf(tensor) {
  return Array.isArray(tensor) ? [tensor.length, ...(tensor.length > 0 ? shapeOf(tensor[0]) : [])] : [];
}

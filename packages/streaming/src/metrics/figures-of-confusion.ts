/** Rows of the matrix are labels, columns the classes predicted; `matrix[t * classes + c]`. */
type Figure = (matrix: readonly number[], classes: number) => number;

/** The share of rows on the diagonal. */
export const accuracyOf: Figure = (matrix, classes) => {
  let all = 0;
  let hits = 0;
  matrix.forEach((sum, at) => {
    all += sum;
    if (at % (classes + 1) === 0) hits += sum;
  });
  return hits / all;
};

export const macroPrecision: Figure = macroOf(({ tp, fp }) => tp / (tp + fp));
export const macroRecall: Figure = macroOf(({ tp, fn }) => tp / (tp + fn));
export const macroF1: Figure = macroOf(({ tp, fp, fn }) => (2 * tp) / (2 * tp + fp + fn));

interface ClassCounts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

/** The plain mean over the classes that are a label or predicted; what has no denominator there is 0, as in scikit-learn. */
function macroOf(figure: (counts: ClassCounts) => number): Figure {
  return (matrix, classes) => {
    let sum = 0;
    let some = 0;
    for (let c = 0; c < classes; c++) {
      let fp = 0;
      let fn = 0;
      for (let other = 0; other < classes; other++) {
        if (other === c) continue;
        fp += matrix[other * classes + c]!;
        fn += matrix[c * classes + other]!;
      }
      const tp = matrix[c * (classes + 1)]!;
      if (tp + fp + fn === 0) continue;
      some++;
      sum += figure({ tp, fp, fn }) || 0;
    }
    return sum / some;
  };
}

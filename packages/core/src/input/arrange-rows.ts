import type { BatchOptions, Numbers } from "../loss.ts";
import type { Arrange, Arrangement } from "./arrangement.ts";
import { refuse, same } from "./refuse.ts";
import { checkShape, sameAxes, sizeOfShape } from "./size-of-shape.ts";

/** Lays out rows of predictions with one label each; flat predictions tell the number of classes by the labels. */
export const arrangeLabels: Arrange = ([prediction, axes], labels, options) => {
  const { length } = labels[0];
  const given = axes.length > 1 || length === 0 ? axes : [length, prediction.length / length];
  const [arrangement] = arrangeRows(prediction, given, options);
  sameAxes("label", labels, arrangement.axes);
  return { ...arrangement, target: labels[0] };
};

/** Lays out rows of predictions with as many targets; the classes of flat predictions only a shape tells. */
export const arrangeVectors: Arrange = ([prediction, given], targets, options) => {
  const [target, axes] = targets;
  const [arrangement, shape, axis, turn] = arrangeRows(prediction, given, options);
  if (axes.length > 1 && prediction.length > 0)
    same(
      "LF_CLASS_COUNT_MISMATCH",
      "number of targets a row",
      axes[Math.min(axis, axes.length - 1)],
      arrangement.classes,
    );
  sameAxes("target", targets, shape);
  return { ...arrangement, target: turn(target) };
};

/**
 * Lays out rows of `classes` predictions. Classes that stand behind the batch (N x C x d1 x ...) go to the end, by `turn`,
 * and the gradient back.
 */
function arrangeRows(
  prediction: Numbers,
  axes: readonly number[],
  { shape = axes, classAxis = "last" }: BatchOptions,
): [Omit<Arrangement, "target">, shape: readonly number[], axis: number, turn: (values: Numbers) => Numbers] {
  const size = prediction.length;
  if (size === 0 && shape.length < 2) shape = [0, 0];
  checkShape(shape, size);
  if (!["first", "last"].includes(classAxis))
    refuse("LF_BAD_PARAMETER", "option classAxis", classAxis, "first or last");
  const axis = classAxis === "first" ? 1 : shape.length - 1;
  if (axis < 1 || shape[axis] === undefined)
    refuse("LF_SHAPE", "option shape", `${size} flat predictions`, "[rows, classes]");
  const samples = shape[0]!;
  const classes = shape[axis];
  const inner = sizeOfShape(shape.slice(axis + 1));
  const turn = (values: Numbers): Numbers => (inner > 1 ? swapAxes(values, samples, classes, inner) : values);
  const restore = (gradient: Float64Array): Float64Array => swapAxes(gradient, samples, inner, classes);
  const rows = size / classes || 0;
  return [
    {
      prediction: turn(prediction),
      rows,
      classes,
      ...(inner > 1 && { restore }),
      axes: rows ? [...shape.filter((_, k) => k !== axis), 1] : [0],
    },
    shape,
    axis,
    turn,
  ];
}

/** Swaps the last two axes: batch x rows x columns becomes batch x columns x rows. */
function swapAxes(values: Numbers, batch: number, rows: number, columns: number): Float64Array {
  const out = new Float64Array(batch * rows * columns);
  for (let n = 0, at = 0; n < batch; n++) {
    for (let c = 0; c < columns; c++) {
      for (let r = 0; r < rows; r++) out[at++] = values[(n * rows + r) * columns + c]!;
    }
  }
  return out;
}

import type { Numbers } from "../loss.ts";
import type { Arrange } from "./arrangement.ts";
import { refuse } from "./refuse.ts";
import { sameClassCount } from "./same-class-count.ts";
import { sameLength } from "./same-length.ts";
import { checkShape, sizeOfShape } from "./size-of-shape.ts";
import { swapAxes } from "./swap-axes.ts";

/**
 * Makes the layout of row losses: rows of `classes` predictions with one label, or with as many targets. Classes that
 * stand behind the batch (N x C x d1 x ...) go to the end, and the gradient back. Flat predictions tell the number of
 * classes by their labels; with other targets only a shape does.
 */
export function arrangeRows(targets: "labels" | "vectors"): Arrange {
  return (prediction, target, options) => {
    const size = prediction.values.length;
    const labels = target.values.length;
    const flat = prediction.shape.length < 2;
    const told =
      options.shape ??
      (flat && targets === "labels" && labels > 0 ? [labels, size / labels] : prediction.shape);
    const shape = size === 0 && told.length < 2 ? [0, 0] : told;
    const { classAxis = "last" } = options;
    if (classAxis !== "first" && classAxis !== "last") {
      refuse("LF_BAD_PARAMETER", "option classAxis", classAxis, "first or last");
    }
    const axis = classAxis === "first" ? 1 : shape.length - 1;
    checkShape(shape, size);
    if (axis < 1 || !Number.isInteger(shape[axis])) {
      refuse("LF_SHAPE", "option shape", `${size} flat predictions`, "[rows, classes]");
    }
    const classes = shape[axis]!;
    const outer = shape[0]!;
    const inner = sizeOfShape(shape.slice(axis + 1));
    const rows = classes === 0 ? 0 : size / classes;
    const turn = (values: Numbers): Numbers => (inner > 1 ? swapAxes(values, outer, classes, inner) : values);
    if (targets === "vectors") {
      if (target.shape.length > 1 && size > 0) {
        sameClassCount("targets a row", target.shape[Math.min(axis, target.shape.length - 1)], classes);
      }
      sameLength("targets", labels, size);
    } else sameLength("labels", labels, rows);
    return {
      columns: {
        prediction: turn(prediction.values),
        target: targets === "vectors" ? turn(target.values) : target.values,
        rows,
        classes,
      },
      outer,
      last: 1,
      ...(inner > 1 ? { restore: (gradient) => swapAxes(gradient, outer, inner, classes) } : {}),
    };
  };
}

import { eitherNull } from "../columns/nulls-from-validity.ts";
import { columnRefusal, refusal } from "../columns/place.ts";
import type { Measure } from "../metrics/metric.ts";
import type { Block } from "./block.ts";
import { closeUp, gatherRows, sortByAll, sortByWeight } from "./keep-units.ts";
import type { CompiledPlan } from "./plan.ts";
import type { SegmentReader } from "./segment-reader.ts";

/**
 * What one loss evaluates of a segment: the units (elements, or rows for row losses) that are neither missing nor
 * ignored, closed up, and what became of all the others.
 */
export interface Units {
  /** Length of the rows' lists, 0 for plain values, -1 where no row has shown it. */
  readonly size: number;
  /** The first row that has shown it. */
  readonly sizeRow: number;
  /** Units of one row. */
  readonly perRow: number;
  readonly count: number;
  readonly prediction: Float32Array | Float64Array;
  readonly target: Float32Array | Float64Array;
  readonly variance: Float32Array | Float64Array | undefined;
  /** Predictions of one unit. */
  readonly classes: number;
  readonly weights: Float32Array | Float64Array | undefined;
  /** The unit, counted over all rows, that stands at each place; null where none was left out. */
  readonly kept: Float64Array | null;
  /** Rows that are null as a whole. */
  readonly nullRows: Uint8Array | null;
  /** What became of each unit; null where all were kept. */
  readonly fate: Uint8Array | null;
}

/**
 * Sorts the units of a segment: null in any column that the loss reads is missing; then weight 0, from the weight
 * column or from the label, is ignored and its values are not looked at.
 * @throws LF_SHAPE where the columns do not have the shape that the loss reads; LF_WEIGHT_OUT_OF_RANGE
 */
export function unitsFromSegment(
  loss: Measure,
  reader: SegmentReader,
  { room, scratch }: CompiledPlan,
): Units {
  const prediction = reader.prediction();
  const target = reader.target(readsSigns(loss) ? -1 : 0, loss.target === "label");
  const variance = loss.readsVariance ? reader.variances() : null;
  const weights = reader.weights();
  checkShape(loss, reader, prediction, target);

  const { rows } = reader;
  const byRow = loss.unit === "row";
  // Where one role is null throughout, the other shows how many elements are missing.
  const shown = prediction.size === -1 && !byRow ? target : prediction;
  const perRow = byRow ? 1 : Math.max(1, shown.size);
  const classes = byRow ? Math.max(1, prediction.size) : 1;
  const labelWeight =
    loss.labelWeight === undefined ? undefined : (label: number): number => loss.labelWeight!(label);
  const common = {
    size: shown.size,
    sizeRow: Math.max(0, shown.rowNulls?.indexOf(0) ?? 0),
    perRow,
    classes,
  };

  let nullRows = eitherNull(
    eitherNull(prediction.rowNulls, target.rowNulls),
    eitherNull(weights?.nulls ?? null, variance?.nulls ?? null),
  );
  if (byRow)
    nullRows = eitherNull(nullRows, eitherNull(rowsWithNull(prediction, rows), rowsWithNull(target, rows)));
  const elementNulls = byRow ? null : eitherNull(prediction.elementNulls, target.elementNulls);

  const total = rows * perRow;
  const whole = (unitWeights: Float32Array | Float64Array | undefined): Units => ({
    ...common,
    count: total,
    prediction: prediction.values,
    target: target.values,
    variance:
      variance === null ? undefined : spread(variance.values, perRow, scratch.take("variance", total)),
    weights: unitWeights,
    kept: null,
    nullRows: null,
    fate: null,
  });
  const hasNulls = nullRows !== null || elementNulls !== null;
  if (!hasNulls && labelWeight === undefined && weights?.values.includes(0) !== true) {
    return whole(
      weights === null ? undefined : spread(weights.values, perRow, scratch.take("weights", total)),
    );
  }
  const fate = room.bytes(total);
  const unitWeights = scratch.take("weights", total);
  const kept = scratch.take("kept", total);
  const ofWeightsAlone = !hasNulls && labelWeight === undefined && perRow === 1;
  const count = ofWeightsAlone
    ? sortByWeight(weights!.values, fate, unitWeights, kept)
    : sortByAll(
        {
          rows,
          perRow,
          nullRows,
          elementNulls,
          weights: weights?.values,
          labels: target.values,
          labelWeight,
        },
        fate,
        unitWeights,
        kept,
      );
  if (count === total) return whole(unitWeights);
  const gather = (values: Float32Array | Float64Array, name: string, width: number): Float64Array =>
    width === 1
      ? closeUp(values, fate, scratch.take(name, total)).subarray(0, count)
      : gatherRows(values, kept, count, width, scratch.take(name, count * width));
  const wide = !byRow || target.size <= 0 ? 1 : target.size;
  return {
    ...common,
    count,
    prediction: gather(prediction.values, "prediction", classes),
    target: gather(target.values, "target", wide),
    variance:
      variance === null
        ? undefined
        : gather(spread(variance.values, perRow, scratch.take("variance", total)), "kept variance", 1),
    weights: weights === null && labelWeight === undefined ? undefined : unitWeights.subarray(0, count),
    kept: kept.subarray(0, count),
    nullRows,
    fate,
  };
}

/** A hinge loss over signs takes booleans as -1 and 1, unless it was told that its labels are 0 and 1. */
function readsSigns(loss: Measure): boolean {
  return loss.target === "sign" && loss.params["labels"] !== "01";
}

function checkShape(loss: Measure, reader: SegmentReader, prediction: Block, target: Block): void {
  if (loss.unit === "row") {
    if (prediction.size === 0) {
      throw columnRefusal(
        "LF_SHAPE",
        reader.place("prediction"),
        `${loss.id} reads a row of class predictions, and this is one number a row; give a column of lists or several columns.`,
      );
    }
    const due = loss.target === "label" ? 0 : prediction.size;
    if (target.size !== -1 && due !== -1 && target.size !== due) {
      throw targetRefusal(
        reader,
        due > 0 && target.size > 0 ? firstOfBoth(prediction, target) : null,
        `${loss.id} reads ${due === 0 ? "one label" : `a list of ${due}`} a row, and this holds ${said(target.size)}.`,
      );
    }
  } else if (prediction.size !== -1 && target.size !== -1 && prediction.size !== target.size) {
    throw targetRefusal(
      reader,
      prediction.size > 0 && target.size > 0 ? firstOfBoth(prediction, target) : null,
      `it holds ${said(target.size)} and the prediction ${said(prediction.size)}; ${loss.id} compares them one by one.`,
    );
  }
}

/** @param row where lists are of other lengths, which those of earlier rows may not be; null where no row fits. */
function targetRefusal(reader: SegmentReader, row: number | null, what: string): Error {
  const place = reader.place("target");
  return row === null ? columnRefusal("LF_SHAPE", place, what) : refusal("LF_SHAPE", place, row, what);
}

/** The row with which the lengths of both are known. */
function firstOfBoth(a: Block, b: Block): number {
  return Math.max(...[a, b].map(({ rowNulls }) => rowNulls?.indexOf(0) ?? 0));
}

function said(size: number): string {
  return size === 0 ? "one value" : `a list of ${size}`;
}

function rowsWithNull({ elementNulls, size }: Block, rows: number): Uint8Array | null {
  if (elementNulls === null) return null;
  const nulls = new Uint8Array(rows);
  for (let r = 0, u = 0; r < rows; r++) {
    for (let e = 0; e < size; e++, u++) nulls[r]! |= elementNulls[u]!;
  }
  return nulls;
}

/** Repeats each row's number for all of its elements. */
function spread(
  values: Float32Array | Float64Array,
  perRow: number,
  out: Float64Array,
): Float32Array | Float64Array {
  if (perRow === 1) return values;
  for (let u = 0; u < out.length; u++) out[u] = values[Math.floor(u / perRow)]!;
  return out;
}

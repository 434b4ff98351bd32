/**
 * What is done to a series of points: a pyramid that draws it without hiding an extreme, smoothing that stops at gaps,
 * detectors that say what went wrong and when.
 *
 * ```ts
 * import { DebiasedEma, Pyramid, SeriesDetectors } from "@lossflow/series";
 *
 * const pyramid = new Pyramid();
 * const smooth = new DebiasedEma(0.9);
 * const detectors = new SeriesDetectors("train/loss", "loss");
 * for (let step = 0; step < 100_000; step++) {
 *   const loss = step === 54_321 ? 40 : 2 + 8 / Math.sqrt(1 + step);
 *   pyramid.add(step, loss);
 *   smooth.add(step, loss);
 *   for (const event of detectors.add(step, loss)) console.log(event.message); // train/loss jumps from about 2.034 to 40 at step 54321.
 * }
 *
 * const columns = pyramid.columns(0, 99_999, 80);
 * console.log(Math.max(...columns.max)); // 40
 * ```
 */
export { BlockSeries } from "./compare/block-series.ts";
export type { Block, StretchMean } from "./compare/block-series.ts";
export { bootstrapCentre, bootstrapDifference } from "./compare/bootstrap.ts";
export type { Centre } from "./compare/bootstrap.ts";
export { commonCells } from "./compare/common-cells.ts";
export type { Cell } from "./compare/common-cells.ts";
export { commonStretch, differenceOver, levelOver } from "./compare/compare-at.ts";
export type { Stretch } from "./compare/compare-at.ts";
export { meanInterval } from "./compare/interval.ts";
export type { Interval } from "./compare/interval.ts";
export { DivergenceDetector } from "./detect/divergence-detector.ts";
export { NonFiniteDetector } from "./detect/non-finite-detector.ts";
export { PlateauDetector } from "./detect/plateau-detector.ts";
export type { PlateauOptions } from "./detect/plateau-detector.ts";
export { OverfitDetector } from "./detect/overfit-detector.ts";
export { SeriesDetectors } from "./detect/series-detectors.ts";
export type { SeriesRole } from "./detect/series-detectors.ts";
export { SpikeDetector } from "./detect/spike-detector.ts";
export type { SpikeOptions } from "./detect/spike-detector.ts";
export { StallDetector } from "./detect/stall-detector.ts";
export type { StallOptions } from "./detect/stall-detector.ts";
export { ZeroDetector } from "./detect/zero-detector.ts";
export type { ZeroIncident } from "./detect/zero-detector.ts";
export type { Detector, SeriesEvent } from "./detect/detector.ts";
export { Buckets } from "./pyramid/buckets.ts";
export { Pyramid } from "./pyramid/pyramid.ts";
export type { ColumnsView, PyramidOptions } from "./pyramid/pyramid.ts";
export { DebiasedEma } from "./smooth/debiased-ema.ts";
export { RollingMean } from "./smooth/rolling-mean.ts";
export { RollingMedian } from "./smooth/rolling-median.ts";
export { TimedEma } from "./smooth/timed-ema.ts";
export type { Smoother } from "./smooth/smoother.ts";

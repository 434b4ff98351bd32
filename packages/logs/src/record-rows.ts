/**
 * Records that state the same axes and have points of the same series, as columns of `rows` numbers. The columns of
 * axes are changed where they are taken: times to seconds.
 */
export interface RecordRows {
  readonly rows: number;
  /** In the order of `RunTrack.axes`; null: not stated. */
  readonly axes: readonly (Float64Array | null)[];
  /** The track's handles, none twice. */
  readonly series: readonly number[];
  /** A column for each series. */
  readonly values: readonly Float64Array[];
  /** Lines of text, which take their place from the lines before them where they do not state it. */
  readonly isText: boolean;
}

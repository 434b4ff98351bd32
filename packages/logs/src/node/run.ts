/** One training run: what a person would call one, and the files that tell of it. */
export interface Run {
  /** Short name, unique among the runs found together. */
  readonly name: string;
  /** The source it was found under, as given. */
  readonly source: string;
  /** Its files, in the order to read them; "-" is standard input. */
  readonly paths: readonly string[];
  /** Files that tell the same figures once more: what happened to the run is read from them, and no point. */
  readonly asides?: readonly string[];
  /** The run's name in a table of several, whose other columns are none of its own. */
  readonly part?: string;
}

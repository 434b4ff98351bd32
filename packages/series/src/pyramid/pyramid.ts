import { refuseParameter } from "../refuse-parameter.ts";
import { Buckets } from "./buckets.ts";

export interface PyramidOptions {
  /** Buckets kept at most, a power of two; they take about 242 bytes each. Default 4096: 1 MB however long the series. */
  readonly resolution?: number;
}

/** Which part of a series to fold, and how its x axis is drawn. */
export interface ColumnsView {
  /** A rising function of the step that the columns are of equal width in: a logarithm, a time without its gaps. */
  readonly along?: (step: number) => number;
  /** Only what stands at this step or after it, and only what stands before that one; a bucket stands where it begins. */
  readonly since?: number;
  readonly before?: number;
}

/**
 * Keeps a series of any length such that every view of it can be drawn without hiding an extreme.
 *
 * Points stand in buckets of equal width, one point each until there are `resolution` of them; then neighbours are
 * merged and the width doubles. Over the buckets stand pairs, pairs of pairs and so on, so that {@link Pyramid.columns}
 * looks at O(pixels * log(buckets)) of them at any zoom. A bucket keeps its extremes with their steps, first and last,
 * counts and exact sum (Jugel et al., M4, doi:10.14778/2732951.2732953, shows that min, max, first and last draw a line
 * without error).
 */
export class Pyramid {
  #resolution: number;
  /** Level 0 are the buckets; bucket k of a level is made of 2k and 2k + 1 of the level below. */
  #levels: Buckets[] = [new Buckets(16)];
  /** How many buckets of each level are complete. */
  #complete: number[] = [0];
  /** Points of a bucket of level 0, and of the one that is being filled. */
  #width = 1;
  #filled = 0;
  #points = 0;
  #firstSegment = 0;
  #segment = 0;
  #step = -Infinity;

  /** @throws LF_BAD_PARAMETER where the resolution is not above 0. */
  constructor(options?: PyramidOptions | null) {
    const { resolution = 4096 } = options ?? {};
    this.#resolution = checkedResolution(resolution);
  }

  /** How many points there are. */
  get points(): number {
    return this.#points;
  }

  /** How many points share a bucket: 1 means that every point is kept. */
  get width(): number {
    return this.#width;
  }

  /** Bytes that the buckets take. */
  get bytes(): number {
    return this.#levels.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Adds a point. A new `segment`, or a step that goes back, breaks the line. */
  add(step: number, value: number, segment: number = 0): void {
    const broken = this.#points > 0 && (segment !== this.#segment || step < this.#step);
    if (this.#points === 0) this.#firstSegment = segment;
    this.#segment = segment;
    this.#step = step;
    this.#open().add(this.#complete[0]!, step, value, broken);
    this.#points++;
    this.#fill(1);
  }

  /** Adds all that `later` holds, which comes after everything here; `later` stays as it is. */
  append(later: Pyramid): void {
    if (later.#points === 0) return;
    if (this.#points === 0) this.#firstSegment = later.#firstSegment;
    while (this.#width < later.#width) this.#coarsen();
    const buckets = later.#levels[0]!;
    const count = later.#complete[0]! + (later.#filled > 0 ? 1 : 0);
    for (let k = 0; k < count; k++) {
      const size = buckets.finite[k]! + buckets.nonFinite[k]!;
      const broken =
        k === 0 &&
        this.#points > 0 &&
        (later.#firstSegment !== this.#segment || buckets.low[0]! < this.#step);
      const open = this.#open();
      const at = this.#complete[0]!;
      open.merge(at, buckets, k);
      if (broken) open.broken[at] = 1;
      this.#points += size;
      this.#fill(size);
    }
    this.#segment = later.#segment;
    this.#step = later.#step;
  }

  /** The whole series as one bucket. */
  total(): Buckets {
    const total = new Buckets(1);
    this.#eachRoot((level, k) => total.merge(0, this.#levels[level]!, k));
    return total;
  }

  /**
   * Keeps at most `resolution` buckets, a power of two, from now on; extremes, counts and sums stay as they are.
   * @throws LF_BAD_PARAMETER where that is not above 0.
   */
  coarsen(resolution: number): void {
    this.#resolution = checkedResolution(resolution);
    while (this.#complete[0]! >= resolution) this.#coarsen();
  }

  /**
   * Folds the points of the steps `from .. to` (both included, in values of `along` where one is given) into `pixels`
   * columns of equal width.
   *
   * While a bucket is one point the columns are exact. A wider one that spans several columns shows its extremes, its
   * first and its last point in the columns where they stand and is counted where it begins; at the edges of the view it
   * is shown whole, in the column at the edge.
   * @returns columns of the caller's own, those without points with NaN values and 0 counts.
   */
  columns(from: number, to: number, pixels: number, view: ColumnsView = {}): Buckets {
    const { along = (step) => step, since = -Infinity, before = Infinity } = view;
    const columns = new Buckets(pixels);
    const scale = to > from ? pixels / (to - from) : 0;
    const columnOf = (x: number): number => Math.max(0, Math.min(pixels - 1, Math.floor((x - from) * scale)));
    const visit = (level: number, k: number): void => {
      const buckets = this.#levels[level]!;
      const first = buckets.low[k]!;
      const last = buckets.high[k]!;
      const low = along(first);
      const high = along(last);
      if (!(high >= from && low <= to) || last < since || first >= before) return;
      const column = columnOf(low);
      const isWhole = first >= since && last < before;
      if (isWhole && column === columnOf(high) && low >= from && high <= to)
        columns.merge(column, buckets, k);
      else if (level > 0) {
        visit(level - 1, 2 * k);
        visit(level - 1, 2 * k + 1);
      } else if (first >= since) {
        columns.count(column, buckets, k);
        for (const [step, value] of pointsOf(buckets, k)) columns.show(columnOf(along(step)), step, value);
      }
    };
    this.#eachRoot(visit);
    return columns;
  }

  /** The level-0 buckets, with room for the one that is being filled. */
  #open(): Buckets {
    const buckets = this.#levels[0]!;
    if (this.#complete[0] === buckets.length) buckets.grow(2 * buckets.length);
    return buckets;
  }

  /** Takes note of `points` more in the open bucket, and closes it where it is full. */
  #fill(points: number): void {
    this.#filled += points;
    if (this.#filled < this.#width) return;
    this.#filled = 0;
    for (let level = 0; ++this.#complete[level]! % 2 === 0; level++) {
      const above = this.#above(level);
      const k = this.#complete[level + 1]!;
      above.merge(k, this.#levels[level]!, 2 * k);
      above.merge(k, this.#levels[level]!, 2 * k + 1);
    }
    if (this.#complete[0]! >= this.#resolution) this.#coarsen();
  }

  /** The level above `level`, with room for one bucket more. */
  #above(level: number): Buckets {
    if (level + 1 === this.#levels.length) {
      this.#levels.push(new Buckets(16));
      this.#complete.push(0);
    }
    const above = this.#levels[level + 1]!;
    if (this.#complete[level + 1] === above.length) above.grow(2 * above.length);
    return above;
  }

  /** Drops the lowest level: the width doubles. */
  #coarsen(): void {
    const above = this.#above(0);
    const below = this.#levels[0]!;
    const count = this.#complete[0]!;
    const k = this.#complete[1]!;
    if (count % 2 === 1) above.merge(k, below, count - 1);
    if (this.#filled > 0) above.merge(k, below, count);
    if (count % 2 === 1) this.#filled += this.#width;
    this.#levels.shift();
    this.#complete.shift();
    this.#width *= 2;
    this.#fill(0);
  }

  /** Visits the largest complete buckets that together hold all points, in order. */
  #eachRoot(visit: (level: number, k: number) => void): void {
    let from = 0;
    for (let level = this.#levels.length - 1; level >= 0; level--) {
      const end = this.#complete[level]!;
      for (let k = from; k < end; k++) visit(level, k);
      from = 2 * end;
    }
    if (this.#filled > 0) visit(0, this.#complete[0]!);
  }
}

/** The points of a bucket that are known one by one, in their order. */
function pointsOf(buckets: Buckets, k: number): [step: number, value: number][] {
  if (buckets.finite[k] === 0) return [];
  const min: [number, number] = [buckets.minStep[k]!, buckets.min[k]!];
  const max: [number, number] = [buckets.maxStep[k]!, buckets.max[k]!];
  const between = min[0] <= max[0] ? [min, max] : [max, min];
  return [[buckets.firstStep[k]!, buckets.first[k]!], ...between, [buckets.lastStep[k]!, buckets.last[k]!]];
}

/** Of none coarsening would have no end. @throws LF_BAD_PARAMETER */
function checkedResolution(resolution: number): number {
  if (typeof resolution === "number" && resolution > 0) return resolution;
  return refuseParameter("A pyramid keeps a number of buckets above 0", resolution);
}

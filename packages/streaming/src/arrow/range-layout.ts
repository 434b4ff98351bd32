/** A range of bytes, `end` exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A range that is read as one, and where it stands in memory. */
export interface PlacedSpan extends ByteRange {
  readonly place: number;
}

/** How ranges are read: which are read together, and where each comes to stand. */
export interface RangeLayout {
  /** Bytes of memory that all take. */
  readonly size: number;
  readonly spans: readonly PlacedSpan[];
  /** Which span holds a range that lies within those asked for. */
  readonly indexOf: (start: number, end: number) => number;
}

/** Ranges nearer than this are read together: a read costs about as much as copying this many bytes. */
const GAP = 32768;
const ALIGNMENT = 64;

/** Lays ranges out in memory of 64-byte alignment, so that each keeps the alignment that it has where it is read. */
export function layOutRanges(ranges: readonly ByteRange[]): RangeLayout {
  const spans: PlacedSpan[] = [];
  let size = 0;
  for (const { start, end } of mergedRanges(ranges)) {
    const place = Math.ceil(size / ALIGNMENT) * ALIGNMENT + (start % ALIGNMENT);
    spans.push({ start, end, place });
    size = place + end - start;
  }
  return {
    size,
    spans,
    indexOf: (start, end) => spans.findIndex((span) => span.start <= start && end <= span.end),
  };
}

function mergedRanges(ranges: readonly ByteRange[]): ByteRange[] {
  const sorted = ranges.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.start - last.end <= GAP) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}

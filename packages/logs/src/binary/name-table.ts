import type { RunTrack } from "../run-track.ts";

const DECODER = { fatal: false } as const;

/** Finds the series of a name that stands in bytes, without making a string of it each time. */
export class NameTable {
  readonly #track: RunTrack;
  #slots = new Int32Array(256).fill(-1);
  readonly #names: Uint8Array[] = [];
  readonly #series: number[] = [];
  readonly #skipped: boolean[] = [];

  constructor(track: RunTrack) {
    this.#track = track;
  }

  /** The entry of the name from `start` to `end`; its series is opened when it is first asked for. */
  entry(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    const mask = this.#slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const at = this.#slots[slot]!;
      if (at < 0) return this.#add(bytes.slice(start, end), slot);
      if (isEqual(this.#names[at]!, bytes, start, end)) return at;
    }
  }

  series(entry: number): number {
    const known = this.#series[entry]!;
    if (known >= 0) return known;
    return (this.#series[entry] = this.#track.series(
      new TextDecoder("utf-8", DECODER).decode(this.#names[entry]),
    ));
  }

  /** Marks a name that holds no scalars. */
  skip(entry: number): void {
    this.#skipped[entry] = true;
  }

  isSkipped(entry: number): boolean {
    return this.#skipped[entry]!;
  }

  #add(name: Uint8Array, slot: number): number {
    const entry = this.#names.push(name) - 1;
    this.#series.push(-1);
    this.#skipped.push(false);
    this.#slots[slot] = entry;
    if (this.#names.length * 2 > this.#slots.length) this.#rehash();
    return entry;
  }

  #rehash(): void {
    const size = this.#slots.length * 2;
    this.#slots = new Int32Array(size).fill(-1);
    this.#names.forEach((name, entry) => {
      let hash = 0x811c9dc5;
      for (const byte of name) hash = Math.imul(hash ^ byte, 0x01000193);
      let slot = (hash ^ (hash >>> 15)) & (size - 1);
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & (size - 1);
      this.#slots[slot] = entry;
    });
  }
}

function isEqual(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}

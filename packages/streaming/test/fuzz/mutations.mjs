// Seeded damage to the bytes of a file.

export function randomFrom(seed) {
  let state = Math.imul(seed, 2654435761) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Numbers that readers trip over. */
const NUMBERS = [
  0,
  1,
  -1,
  2,
  7,
  8,
  63,
  64,
  127,
  128,
  255,
  256,
  32767,
  65535,
  65536,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 24,
];

/**
 * Kinds of damage: a change gives the bytes and says where it struck, `null` where all behind it has moved.
 *
 * @type {readonly (readonly [string, (bytes: Uint8Array<ArrayBuffer>, at: number, random: () => number) => [Uint8Array<ArrayBuffer>, [number, number] | null]])[]}
 */
const KINDS = [
  [
    "flip a bit",
    (bytes, at, random) => ((bytes[at] ^= 1 << Math.floor(8 * random())), [bytes, [at, at + 1]]),
  ],
  ["set a byte", (bytes, at, random) => ((bytes[at] = Math.floor(256 * random())), [bytes, [at, at + 1]])],
  [
    "set four bytes",
    (bytes, at, random) => {
      const place = Math.min(at & ~3, bytes.length - 4);
      if (place < 0) return [bytes, [0, 0]];
      new DataView(bytes.buffer).setInt32(place, NUMBERS[Math.floor(NUMBERS.length * random())], true);
      return [bytes, [place, place + 4]];
    },
  ],
  [
    "add to eight bytes",
    (bytes, at, random) => {
      const place = Math.min(at & ~7, (bytes.length - 8) & ~7);
      if (place < 0) return [bytes, [0, 0]];
      const view = new DataView(bytes.buffer);
      const by = [1n, -1n, 8n, -8n, 64n, 1n << 31n, 1n << 40n, -(1n << 62n)][Math.floor(8 * random())];
      view.setBigInt64(place, BigInt.asIntN(64, view.getBigInt64(place, true) + by), true);
      return [bytes, [place, place + 8]];
    },
  ],
  ["cut the end off", (bytes, at) => [bytes.slice(0, at), null]],
  ["leave some out", (bytes, at, random) => [without(bytes, at, at + 1 + Math.floor(64 * random())), null]],
  [
    "double some",
    (bytes, at, random) => [
      joined(bytes.subarray(0, at + 1 + Math.floor(64 * random())), bytes.subarray(at)),
      null,
    ],
  ],
  ["add to the end", (bytes, at) => [joined(bytes, bytes.subarray(0, at % 100)), null]],
  [
    "wipe some",
    (bytes, at, random) => {
      const end = Math.min(bytes.length, at + 1 + Math.floor(32 * random()));
      bytes.fill(0, at, end);
      return [bytes, [at, end]];
    },
  ],
  [
    "copy some elsewhere",
    (bytes, at, random) => {
      const from = Math.floor(bytes.length * random());
      const length = Math.min(1 + Math.floor(32 * random()), bytes.length - Math.max(from, at));
      bytes.copyWithin(at, from, from + length);
      return [bytes, [at, at + length]];
    },
  ],
];

/** Damages a copy of `good` once, now and then twice. @returns the bytes, what was done, and where. */
export function mutated(good, random) {
  let bytes = good.slice();
  const done = [];
  const places = [];
  for (let times = random() < 0.15 ? 2 : 1; times > 0; times--) {
    const [name, change] = KINDS[Math.floor(KINDS.length * random())];
    const at = Math.floor(bytes.length * random());
    const [changed, place] = change(bytes, at, random);
    bytes = changed;
    done.push(`${name} at ${at}`);
    places.push(place);
  }
  return { bytes, what: done.join(", then "), places };
}

function without(bytes, from, to) {
  return joined(bytes.subarray(0, from), bytes.subarray(to));
}

function joined(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

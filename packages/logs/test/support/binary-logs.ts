import { CASTAGNOLI, Crc32, IEEE } from "../../src/bytes/crc32.ts";

const encoder = new TextEncoder();
const castagnoli = new Crc32(CASTAGNOLI);
const ieee = new Crc32(IEEE);

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(left & 127n) | (left > 127n ? 128 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Uint8Array.from(bytes);
}

const fixed = (size: 4 | 8, set: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(size);
  set(new DataView(bytes.buffer));
  return bytes;
};

/** Fields of a protobuf message. */
export const integer = (field: number, value: number): Uint8Array => concat(varint(field * 8), varint(value));
export const bytesField = (field: number, value: Uint8Array | string): Uint8Array => {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return concat(varint(field * 8 + 2), varint(bytes.length), bytes);
};
export const double = (field: number, value: number): Uint8Array =>
  concat(
    varint(field * 8 + 1),
    fixed(8, (view) => view.setFloat64(0, value, true)),
  );
export const float = (field: number, value: number): Uint8Array =>
  concat(
    varint(field * 8 + 5),
    fixed(4, (view) => view.setFloat32(0, value, true)),
  );
export const message = (...fields: readonly Uint8Array[]): Uint8Array => concat(...fields);

function masked(bytes: Uint8Array): Uint8Array {
  const crc = castagnoli.of(bytes, 0, bytes.length);
  return fixed(4, (view) => view.setUint32(0, (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0, true));
}

/** A TFRecord file of the given records. */
export function tfrecords(...records: readonly Uint8Array[]): Uint8Array {
  return concat(
    ...records.flatMap((data) => {
      const length = fixed(8, (view) => view.setBigUint64(0, BigInt(data.length), true));
      return [length, masked(length), data, masked(data)];
    }),
  );
}

/** An Event with scalars as torch writes them. */
export function scalarEvent(
  step: number,
  time: number,
  scalars: Readonly<Record<string, number>>,
): Uint8Array {
  const values = Object.entries(scalars).map(([tag, value]) =>
    bytesField(1, message(bytesField(1, tag), float(2, value))),
  );
  return message(double(1, time), integer(2, step), bytesField(5, message(...values)));
}

/** An Event with one scalar as TensorFlow 2 writes it: a float tensor without dimensions. */
export function tensorEvent(step: number, tag: string, value: number, plugin = "scalars"): Uint8Array {
  const content = fixed(4, (view) => view.setFloat32(0, value, true));
  const tensor = message(integer(1, 1), bytesField(2, message()), bytesField(4, content));
  const metadata = bytesField(9, bytesField(1, bytesField(1, plugin)));
  return message(
    double(1, 1.5e9 + step),
    integer(2, step),
    bytesField(5, bytesField(1, message(bytesField(1, tag), bytesField(8, tensor), metadata))),
  );
}

export const versionEvent: Uint8Array = message(double(1, 1.5e9), bytesField(3, "brain.Event:2"));
export const startEvent = (step: number): Uint8Array =>
  message(double(1, 1.5e9), integer(2, step), bytesField(7, integer(1, 1)));

/** A W&B file of the given records: LevelDB log framing in blocks of 32 KiB. */
export function wandbFile(...records: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0])];
  let position = 7;
  const put = (bytes: Uint8Array): void => {
    parts.push(bytes);
    position += bytes.length;
  };
  for (const record of records) {
    for (let at = 0, first = true; first || at < record.length; first = false) {
      const left = 32_768 - (position % 32_768);
      if (left < 7) put(new Uint8Array(left));
      const room = 32_768 - (position % 32_768) - 7;
      const piece = record.slice(at, at + room);
      at += piece.length;
      const last = at >= record.length;
      const type = first ? (last ? 1 : 2) : last ? 4 : 3;
      const body = concat(Uint8Array.of(type), piece);
      put(fixed(4, (view) => view.setUint32(0, ieee.of(body, 0, body.length), true)));
      put(Uint8Array.of(piece.length & 255, piece.length >> 8));
      put(body);
    }
  }
  return concat(...parts);
}

/** A history row; values are JSON. */
export function historyRecord(step: number, row: Readonly<Record<string, string>>): Uint8Array {
  const items = Object.entries(row).map(([key, json]) =>
    bytesField(1, message(bytesField(1, key), bytesField(16, json))),
  );
  return message(integer(1, step), bytesField(2, message(...items, bytesField(2, integer(1, step)))));
}

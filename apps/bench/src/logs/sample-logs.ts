/** Seeded logs of the kinds that are measured, each with the figures of its lines at full precision. */
export interface SampleLog {
  readonly name: string;
  /** The file's name as a training run would have it. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Makes a log of about `size` bytes of each kind. */
export function sampleLogs(size: number): SampleLog[] {
  return [
    { name: "jsonl", file: "train.jsonl", bytes: text(size, "", jsonLine) },
    { name: "jsonl, rounded", file: "rounded.jsonl", bytes: text(size, "", roundedJsonLine) },
    { name: "csv", file: "metrics.csv", bytes: text(size, `${KEYS.join(",")}\n`, csvLine) },
    { name: "text", file: "train.log", bytes: text(size, "", textLine) },
    { name: "tfevents", file: "events.out.tfevents.1.host", bytes: eventFile(size) },
  ];
}

const KEYS = ["step", "loss", "grad_norm", "lr", "tokens_per_second", "mfu"];
type Row = readonly [number, number, number, number, number, number];

function jsonLine(row: Row): string {
  return `{${KEYS.map((key, i) => `"${key}": ${row[i]}`).join(", ")}}\n`;
}

function roundedJsonLine([step, loss, norm, lr, rate, mfu]: Row): string {
  return `{"step":${step},"loss":${loss.toFixed(4)},"grad_norm":${norm.toFixed(3)},"lr":${lr.toExponential(2)},"tokens_per_second":${rate.toFixed(0)},"mfu":${mfu.toFixed(2)}}\n`;
}

function csvLine(row: Row): string {
  return `${row.join(",")}\n`;
}

function textLine([step, loss, norm, lr, rate]: Row): string {
  return `step ${step} | loss ${loss.toFixed(6)} | norm ${norm.toFixed(4)} | lr ${lr.toExponential(4)} | ${rate.toFixed(0)} tok/s\n`;
}

/** Lines of a run that learns: `size` bytes or little more. */
function text(size: number, head: string, line: (row: Row) => string): Uint8Array {
  const bytes = new Uint8Array(size + 1024);
  const encoder = new TextEncoder();
  let length = encoder.encodeInto(head, bytes).written;
  const unit = seededRandom();
  for (let step = 0; length < size; step++) {
    const row: Row = [
      step,
      2 + 8 / Math.sqrt(1 + step) + 0.1 * unit(),
      0.5 + unit(),
      3e-4 * (1 - (step % 1e6) / 1e6) * (1 - 1e-3 * unit()),
      150_000 * (1 + 0.01 * unit()),
      0.4 + 0.01 * unit(),
    ];
    length += encoder.encodeInto(line(row), bytes.subarray(length)).written;
  }
  return bytes.slice(0, length);
}

/** TFRecord frames of Events with one scalar each, as torch writes them. */
export function eventFile(size: number, points: number = Number.POSITIVE_INFINITY): Uint8Array {
  const bytes = new Uint8Array(Math.min(size, 80 * points) + 1024);
  const view = new DataView(bytes.buffer);
  const table = crcTable();
  const crc = (from: number, to: number): number => {
    let c = -1;
    for (let i = from; i < to; i++) c = (c >>> 8) ^ table[(c ^ bytes[i]!) & 255]!;
    c = ~c;
    return (((c >>> 15) | (c << 17)) + 0xa282ead8) >>> 0;
  };
  const unit = seededRandom();
  const tags = ["train/loss", "train/grad_norm", "train/lr"].map((tag) => new TextEncoder().encode(tag));
  let at = 0;
  let written = 0;
  const record = (fill: (from: number) => number): void => {
    const from = at + 12;
    const to = fill(from);
    view.setUint32(at, to - from, true);
    view.setUint32(at + 8, crc(at, at + 8), true);
    view.setUint32(to, crc(from, to), true);
    at = to + 4;
  };
  const put = (i: number, ...values: number[]): number => {
    bytes.set(values, i);
    return i + values.length;
  };
  record((from) => {
    const version = new TextEncoder().encode("brain.Event:2");
    bytes[from] = 9;
    view.setFloat64(from + 1, 1.7e9, true);
    bytes.set(version, put(from + 9, 26, version.length));
    return from + 11 + version.length;
  });
  const isFull = (): boolean => at >= size || written >= points;
  for (let step = 0; !isFull(); step++) {
    for (const tag of tags) {
      if (isFull()) break;
      written++;
      record((from) => {
        bytes[from] = 9;
        view.setFloat64(from + 1, 1.7e9 + 0.25 * step, true);
        let i = put(from + 9, 16);
        let rest = step;
        for (; rest > 127; rest = Math.floor(rest / 128)) i = put(i, (rest & 127) | 128);
        i = put(i, rest, 42, tag.length + 9, 10, tag.length + 7, 10, tag.length);
        bytes.set(tag, i);
        i = put(i + tag.length, 21);
        view.setFloat32(i, 2 + 8 / Math.sqrt(1 + step) + 0.1 * unit(), true);
        return i + 4;
      });
    }
  }
  return bytes.slice(0, at);
}

function crcTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, i) => {
    let c = i;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    return c;
  });
}

function seededRandom(): () => number {
  let state = 1;
  const word = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 5;
  };
  return () => (word() * 2 ** 26 + (word() >>> 1)) / 2 ** 53;
}

/** Seeded columns that all contestants read: predictions (logits), and targets of every kind. */
export interface BenchData {
  readonly numbers: number;
  readonly prediction: Reals;
  readonly targets: {
    readonly numbers: Reals;
    readonly labels: Reals;
    readonly classes10: Int32Array;
    readonly classes1000: Int32Array;
  };
  /** All of them, one after the other, as native/losses.c reads them. */
  readonly bytes: Uint8Array;
}

export type Reals = Float32Array | Float64Array;
export type RealsType = typeof Float32Array | typeof Float64Array;

/** Makes columns over `buffer` from `offset` on; see {@link benchDataBytes}. */
export function benchData(type: RealsType, numbers: number, buffer: ArrayBuffer, offset: number): BenchData {
  const width = type.BYTES_PER_ELEMENT * numbers;
  const rows10 = Math.floor(numbers / 10);
  const rows1000 = Math.floor(numbers / 1000);
  const prediction = new type(buffer, offset, numbers);
  const targets = {
    numbers: new type(buffer, offset + width, numbers),
    labels: new type(buffer, offset + 2 * width, numbers),
    classes10: new Int32Array(buffer, offset + 3 * width, rows10),
    classes1000: new Int32Array(buffer, offset + 3 * width + 4 * rows10, rows1000),
  };
  let state = 1;
  const unit = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  for (let i = 0; i < numbers; i++) {
    const radius = Math.sqrt(-2 * Math.log(unit()));
    const angle = 2 * Math.PI * unit();
    prediction[i] = 2 * radius * Math.cos(angle);
    targets.numbers[i] = radius * Math.sin(angle);
    targets.labels[i] = unit() < 0.5 ? 1 : 0;
  }
  for (let r = 0; r < rows10; r++) targets.classes10[r] = unit() * 10;
  for (let r = 0; r < rows1000; r++) targets.classes1000[r] = unit() * 1000;
  return {
    numbers,
    prediction,
    targets,
    bytes: new Uint8Array(buffer, offset, benchDataBytes(type, numbers)),
  };
}

export function benchDataBytes(type: RealsType, numbers: number): number {
  const reals = 3 * type.BYTES_PER_ELEMENT * numbers;
  return reals + 4 * (Math.floor(numbers / 10) + Math.floor(numbers / 1000));
}

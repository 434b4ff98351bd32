/** Seeded columns that all contestants read: predictions (logits), and targets of every kind. */
export interface BenchData {
  readonly numbers: number;
  readonly prediction: Float32Array;
  readonly targets: {
    readonly numbers: Float32Array;
    readonly labels: Float32Array;
    readonly classes10: Int32Array;
    readonly classes1000: Int32Array;
  };
  /** All of them, one after the other, as native/losses.c reads them. */
  readonly bytes: Uint8Array;
}

/** Makes columns over `buffer` from `offset` on; see {@link benchDataBytes}. */
export function benchData(numbers: number, buffer: ArrayBuffer, offset: number): BenchData {
  const rows10 = Math.floor(numbers / 10);
  const rows1000 = Math.floor(numbers / 1000);
  const prediction = new Float32Array(buffer, offset, numbers);
  const targets = {
    numbers: new Float32Array(buffer, offset + 4 * numbers, numbers),
    labels: new Float32Array(buffer, offset + 8 * numbers, numbers),
    classes10: new Int32Array(buffer, offset + 12 * numbers, rows10),
    classes1000: new Int32Array(buffer, offset + 12 * numbers + 4 * rows10, rows1000),
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
  return { numbers, prediction, targets, bytes: new Uint8Array(buffer, offset, benchDataBytes(numbers)) };
}

export function benchDataBytes(numbers: number): number {
  return 4 * (3 * numbers + Math.floor(numbers / 10) + Math.floor(numbers / 1000));
}

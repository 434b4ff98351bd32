import type { LogSink, PointRows } from "@lossflow/logs";

/** Counts and adds up all points, as plainly as the loops it is compared with. */
export class SumSink implements LogSink {
  count: number = 0;
  sum: number = 0;
  #series = 0;

  series(): number {
    return this.#series++;
  }

  point(_series: number, value: number): void {
    this.count++;
    this.sum += value;
  }

  pointRows({ rows, values }: PointRows): void {
    for (const column of values) {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += column[r]!;
      this.sum += sum;
      this.count += rows;
    }
  }

  event(): void {}
}

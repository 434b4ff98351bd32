import { ClockScanner } from "../bytes/clock-scanner.ts";
import { NumberScanner } from "../bytes/number-scanner.ts";
import type { LineField } from "./line-reading.ts";
import { scanGrouped } from "./line-template.ts";

/** Reads the numbers of a line's fields from its bytes. */
export class FieldValues {
  readonly numbers: NumberScanner = new NumberScanner();
  readonly clock: ClockScanner = new ClockScanner();

  /** The values of fields of the line that begins at `start`. */
  of(bytes: Uint8Array, start: number, fields: readonly LineField[]): Float64Array {
    return Float64Array.from(fields, (field) => this.one(bytes, start, field));
  }

  /** The value of a field; NaN of a stamp that is none. */
  one(bytes: Uint8Array, start: number, field: LineField): number {
    const from = start + field.start;
    const to = start + field.end;
    if (field.role === "clock") return this.clock.scan(bytes, from, to) > from ? this.clock.value : NaN;
    if (field.grouped === true) scanGrouped(this.numbers, bytes, from, to);
    else this.numbers.scan(bytes, from, to);
    return this.numbers.value;
  }
}

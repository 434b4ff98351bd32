import type { LineField, LineReading } from "./line-reading.ts";
import { NUMBER } from "./number-pattern.ts";

const AVERAGE = new RegExp(`^\\s*\\(\\s*(${NUMBER})\\s*\\)`);

/** Adds the running means that stand in brackets behind their numbers, `loss: 2.4 (2.5)`: series of their own, `loss (avg)`. */
export function withAverages(line: string, reading: LineReading | null): LineReading | null {
  if (reading === null) return null;
  const fields = reading.fields.flatMap((field): LineField[] => {
    const match = field.role === "point" ? AVERAGE.exec(line.slice(field.end)) : null;
    if (match === null) return [field];
    const start = field.end + match[0].lastIndexOf(match[1]!);
    return [
      field,
      { start, end: start + match[1]!.length, role: "point", name: `${field.name ?? ""} (avg)` },
    ];
  });
  return { ...reading, fields };
}

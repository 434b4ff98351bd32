import { writeFileSync } from "node:fs";
import {
  exponentialConstants,
  logarithmConstants,
  logarithms,
  powersOfTwo,
  softplusTails,
} from "./tables.mjs";

/** Writes the tables that the kernels read as AssemblyScript: static data, each constant twice, for both lanes. */
export function writeTables(path) {
  const literal = (x) => (Number.isInteger(x) ? x.toFixed(1) : String(x));
  const data = (name, values) =>
    `export const ${name} = memory.data<f64>([${values.map(literal).join(", ")}], 64);\n`;
  const twice = (values) => values.flatMap((x) => [x, x]);
  writeFileSync(
    path,
    "// Written by scripts/write-tables.mjs.\n" +
      data("POWERS_OF_TWO", powersOfTwo()) +
      data("EXPONENTIAL", twice(exponentialConstants())) +
      data("LOGARITHMS", logarithms()) +
      data("LOGARITHM", twice(logarithmConstants())) +
      data("SOFTPLUS_TAILS", softplusTails()),
  );
}

import type { OpenTable } from "../../src/source/table-source.ts";

export function readValues(
  table: OpenTable,
): Promise<{ readonly rows: number; readonly values: Readonly<Record<string, readonly unknown[]>> }>;

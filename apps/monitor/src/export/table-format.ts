import { UsageError } from "../cli/usage-error.ts";
import type { TableColumn, TableWriter, TakeBytes } from "./table-batch.ts";

/** What `export` can write. */
export const TABLE_FORMATS = ["arrow", "parquet", "csv", "jsonl"] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

const BY_EXTENSION: ReadonlyMap<string, TableFormat> = new Map([
  ["arrow", "arrow"],
  ["feather", "arrow"],
  ["ipc", "arrow"],
  ["parquet", "parquet"],
  ["pq", "parquet"],
  ["csv", "csv"],
  ["jsonl", "jsonl"],
  ["ndjson", "jsonl"],
]);

/** Tells the format of a file by its name. @throws LF_USAGE where it does not say. */
export function tableFormatFromName(path: string): TableFormat {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const format = BY_EXTENSION.get(extension);
  if (format !== undefined) return format;
  throw new UsageError(
    `--out takes a file that ends in .arrow, .parquet, .csv or .jsonl, or --to says what to write; not ${JSON.stringify(path)}.`,
  );
}

/** Makes the writer of a format; Arrow and Parquet are loaded when they are first needed. */
export async function createTableWriter(
  format: TableFormat,
  columns: readonly TableColumn[],
  take: TakeBytes,
  layout: "file" | "stream" | "terminal",
): Promise<TableWriter> {
  switch (format) {
    case "arrow":
      return (await import("./arrow-writer.ts")).createArrowWriter(
        columns,
        take,
        layout === "file" ? "file" : "stream",
      );
    case "parquet":
      return (await import("./parquet-writer.ts")).createParquetWriter(columns, take);
    case "csv":
      return (await import("./csv-writer.ts")).createCsvWriter(columns, take, layout === "terminal");
    default:
      return (await import("./jsonl-writer.ts")).createJsonlWriter(columns, take);
  }
}

import { openArrowTable } from "../arrow/open-arrow-table.ts";
import { openCsvTable } from "../text/open-csv-table.ts";
import { openJsonlTable } from "../text/open-jsonl-table.ts";
import type { ByteSource } from "./byte-source.ts";
import { detectFormat, HEAD_BYTES } from "./detect-format.ts";
import { namedRefusal } from "./named-refusal.ts";
import type { OpenTable } from "./table-source.ts";

/** Opens bytes as the table that they are. The Parquet reader is loaded when a file first needs it. */
export async function openTable(source: ByteSource): Promise<OpenTable> {
  try {
    const detected = detectFormat(await source.read(0, HEAD_BYTES), source.name);
    if (detected.format === "arrow") return await openArrowTable(source);
    if (detected.format === "csv") return await openCsvTable(source, detected.start);
    if (detected.format === "jsonl") return await openJsonlTable(source, detected.start);
    const { openParquetTable } = await import("../parquet/open-parquet-table.ts");
    return await openParquetTable(source);
  } catch (error) {
    await source.close();
    throw namedRefusal(error, source.name);
  }
}

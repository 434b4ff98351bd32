import type { Format, FormatFamily } from "./format.ts";
import { tfeventsFormats, wandbFormats } from "./formats/binary-formats.ts";
import { documentFormats } from "./formats/document-formats.ts";
import { lineFormats } from "./formats/line-formats.ts";
import { mlflowFormat } from "./formats/mlflow-format.ts";
import { tableFormats } from "./formats/table-formats.ts";

/** The families of formats, each with one reader. */
export const formatFamilies: readonly FormatFamily[] = [
  tfeventsFormats,
  wandbFormats,
  mlflowFormat,
  documentFormats,
  tableFormats,
  lineFormats,
];

/** Every log format that is read. */
export const formats: readonly Format[] = formatFamilies.flatMap((family) => family.formats);

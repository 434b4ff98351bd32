import type { Format, FormatFamily } from "./format.ts";
import { documentFormats } from "./formats/document-formats.ts";
import { lineFormats } from "./formats/line-formats.ts";
import { tableFormats } from "./formats/table-formats.ts";

/** The families of formats, each with one reader. */
export const formatFamilies: readonly FormatFamily[] = [documentFormats, tableFormats, lineFormats];

/** Every log format that is read. */
export const formats: readonly Format[] = formatFamilies.flatMap((family) => family.formats);

import { byteText } from "../bytes/byte-text.ts";
import type { FormatFamily } from "../format.ts";
import { TableReader } from "../table/table-reader.ts";
import { NUMBER } from "../text/number-pattern.ts";

const LINE = new RegExp(`^\\d{9,16} ${NUMBER}(?: -?\\d+)?$`);

/**
 * A metric of MLflow's file store: lines of time in milliseconds, value, and step (older ones without it). The series is
 * named by the path below `metrics/`.
 */
export const mlflowFormat: FormatFamily = {
  formats: [{ id: "mlflow", title: "MLflow metric file", kind: "text" }],
  detect({ bytes, name }) {
    const lines = byteText(bytes, 0, Math.min(bytes.length, 4096)).split(/\r\n|\n|\r/);
    if (lines.length > 1) lines.pop();
    if (!lines.every((line) => LINE.test(line))) return null;
    return { id: "mlflow", confidence: /(?:^|\/)metrics\//.test(name) ? 0.99 : 0.9 };
  },
  open(track, { name }) {
    const below = name.lastIndexOf("/metrics/");
    const key = below >= 0 ? name.slice(below + "/metrics/".length) : name.slice(name.lastIndexOf("/") + 1);
    track.unordered = true;
    return new TableReader(track, { formatId: "mlflow", separator: 32, header: ["timestamp", key, "step"] });
  },
};

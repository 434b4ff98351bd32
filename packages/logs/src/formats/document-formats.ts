import { axisFromName, isMetricName } from "../axes.ts";
import { byteText } from "../bytes/byte-text.ts";
import { DocumentReader } from "../document/document-reader.ts";
import type { FormatFamily } from "../format.ts";
import { scanObject } from "../text/object-scanner.ts";

/** JSON documents: one value over the whole file, mostly rewritten as a whole. */
export const documentFormats: FormatFamily = {
  formats: [
    { id: "trainer-state", title: "Hugging Face trainer_state.json", kind: "document" },
    { id: "json", title: "JSON document of results", kind: "document" },
  ],
  detect({ bytes, name, whole }) {
    const text = byteText(bytes, 0, bytes.length)
      .replace(/^\u00ef\u00bb\u00bf/, "")
      .trimStart();
    if (!/^(?:\{\s*["}]|\[\s*(?:[{[\]]|$))/.test(text)) return null;
    if (/"log_history"\s*:/.test(text)) return { id: "trainer-state", confidence: 0.99 };
    if (/(?:^|\/)trainer_state\.json$/.test(name) && text.startsWith("{\n")) {
      return { id: "trainer-state", confidence: 0.9 };
    }
    const first = /^[^\r\n]*/.exec(text)![0];
    if (!first.startsWith("{")) return { id: "json", confidence: first.startsWith("[") ? 0.5 : 0.3 };
    const object = scanObject(first, 0);
    if (object === null) return { id: "json", confidence: 0.9 };
    const more = text.slice(first.length).trim();
    // One line is a document where nothing in it measures by itself: steps for keys, or lists.
    const measures = object.leaves.some(
      ({ kind, path }) => kind === "number" && (axisFromName(path) !== null || isMetricName(path)),
    );
    const stepped = object.leaves.some(({ path }) => /\/\d+$/.test(path));
    const lists = /"\s*:\s*\[\s*[-\d.N]/.test(first) && !measures;
    return { id: "json", confidence: whole && more === "" && (stepped || lists) ? 0.99 : 0.2 };
  },
  open: (track, _head, id) => new DocumentReader(track, id),
};

import { axisFromName, isMetricName } from "../axes.ts";
import { byteText } from "../bytes/byte-text.ts";
import { LONGEST_LINE } from "../bytes/line-splitter.ts";
import { DocumentReader } from "../document/document-reader.ts";
import { LongFirstLine } from "../document/long-first-line.ts";
import { isSettingsName } from "../settings-name.ts";
import { tensorboardTag } from "../tensorboard-tag.ts";
import type { ByteReader, FormatFamily } from "../format.ts";
import { lineFormats } from "./line-formats.ts";
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
    if (!/^(?:\{\s*["}]|\[\s*(?:[{\]]|\[\s*(?:[-\d{["\]]|$)|$))/.test(text)) return null;
    if (isSettingsName(name)) return text.startsWith("{") ? { id: "json", confidence: 0.99 } : null;
    if (/"log_history"\s*:/.test(text)) return { id: "trainer-state", confidence: 0.99 };
    if (/(?:^|\/)trainer_state\.json$/.test(name) && text.startsWith("{\n")) {
      return { id: "trainer-state", confidence: 0.9 };
    }
    const first = /^[^\r\n]*/.exec(text)![0];
    if (!first.startsWith("{")) return { id: "json", confidence: first.startsWith("[") ? 0.5 : 0.3 };
    const object = scanObject(first, 0);
    const more = text.slice(first.length).trim();
    if (object === null) {
      // A document breaks its lines behind a bracket or comma; other first lines may be torn ones of JSON lines.
      if (isObjects(more)) return { id: "json", confidence: 0.2 };
      return { id: "json", confidence: /[{[,]\s*$/.test(first) || more === "" ? 0.9 : 0.4 };
    }
    // One line is a document where nothing in it measures by itself: steps for keys, or lists.
    const measures = object.leaves.some(
      ({ kind, path }) => kind === "number" && (axisFromName(path) !== null || isMetricName(path)),
    );
    const stepped = object.leaves.some(({ path }) => /\/\d+$/.test(path));
    const lists = /"\s*:\s*\[\s*[-\d.N]/.test(first) && !measures;
    return { id: "json", confidence: whole && more === "" && (stepped || lists) ? 0.99 : 0.2 };
  },
  open(track, head, id) {
    if (isSettingsName(head.name)) return new DocumentReader(track, id, { settings: true });
    const value = tensorboardTag(head.name) ?? "value";
    if (head.bytes.length <= LONGEST_LINE || head.bytes.includes(10))
      return new DocumentReader(track, id, { value });
    const openLines = (): ByteReader => lineFormats.open(track, head, "jsonl");
    return new LongFirstLine(new DocumentReader(track, id, { awaitsEnd: true }), openLines);
  },
};

/** Tells whether two lines that follow each other are objects by themselves: within a document a comma parts them. */
function isObjects(text: string): boolean {
  const lines = text.split(/[\r\n]+/, 200).map((line) => isObject(line));
  return lines.some((whole, i) => whole && lines[i + 1] === true);
}

function isObject(line: string): boolean {
  const text = line.trim();
  return text.startsWith("{") && text.endsWith("}") && scanObject(text, 0) !== null;
}

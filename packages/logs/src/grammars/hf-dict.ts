import { readingFromObject } from "../text/object-reading.ts";
import { scanObject } from "../text/object-scanner.ts";
import { isSettings } from "../text/settings-object.ts";
import type { LineGrammar } from "../text/line-reading.ts";

/**
 * The dict that Hugging Face's Trainer prints: a Python `repr`, alone or behind a progress bar, its numbers bare or (in
 * recent versions) quoted. A dict counts when it has a loss, a learning rate or a runtime, and is none of settings.
 */
export const hfDict: LineGrammar = {
  id: "hf-dict",
  title: "Hugging Face Trainer, printed",
  record: true,
  long: true,
  create: () => (line, from) => {
    const start = line.indexOf("{'", from);
    if (start < 0 || !/loss|learning_rate|_runtime|reward|accuracy/.test(line)) return null;
    const object = scanObject(line, start);
    if (
      object === null ||
      isSettings(object.leaves) ||
      !isBar(line.slice(from, start)) ||
      !isBar(line.slice(object.end))
    )
      return null;
    const reading = readingFromObject(line, object, start);
    return start === from ? reading : { ...reading, repeats: false };
  },
};

/** Beside the dict stands nothing, or a progress bar. */
function isBar(text: string): boolean {
  return text.trim() === "" || /\d%\|/.test(text);
}

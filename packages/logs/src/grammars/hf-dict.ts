import { readingFromObject } from "../text/object-reading.ts";
import { scanObject } from "../text/object-scanner.ts";
import { isSettings } from "../text/settings-object.ts";
import type { LineGrammar, LineReading } from "../text/line-reading.ts";

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
    const reading = readingFromDicts(line, from, start);
    return reading === null || start === from ? reading : { ...reading, repeats: false };
  },
};

/** Reads the dict at `start`, and those behind it: what two writers print may come to stand in one line. */
function readingFromDicts(line: string, from: number, start: number): LineReading | null {
  const readings: LineReading[] = [];
  let end = from;
  for (let at = start; at >= 0; at = line.indexOf("{'", end)) {
    const object = scanObject(line, at);
    if (object === null || isSettings(object.leaves) || !isBar(line.slice(end, at))) return null;
    readings.push(readingFromObject(line, object, at));
    end = object.end;
  }
  if (!isBar(line.slice(end))) return null;
  return readings.reduceRight((next, reading) => ({ ...reading, repeats: false, next }));
}

/** Beside the dict stands nothing, or a progress bar. */
function isBar(text: string): boolean {
  return text.trim() === "" || /\d%\|/.test(text);
}

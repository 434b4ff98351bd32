import { isMetricName } from "../axes.ts";
import { lineTags } from "../text/line-tags.ts";
import { readingFromObject } from "../text/object-reading.ts";
import { scanObject } from "../text/object-scanner.ts";
import { headsSettings, isSettings } from "../text/settings-object.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

const PLACE = /\b(epoch|step|iter(?:ation)?|round)\b\s*[:#=]?\s*\[?\s*(\d+)(?=[\s,:;|\])/]|$)/gi;

/**
 * A line of words that ends with an object of figures, as JSON or as Python prints it: `INFO metrics {"step": 1, "loss": 2.0}`,
 * `Epoch 3: train {'loss': 0.5}`. A step or epoch among the words places it where the object does not, a tag names its series.
 */
export const objectTail: LineGrammar = {
  id: "object-tail",
  title: "Objects behind words",
  record: true,
  create: () => (line, from) => {
    const start = line.search(/\{ ?["']/);
    if (start <= from || start - from > 120 || !line.trimEnd().endsWith("}") || line.length > 20_000)
      return null;
    const object = scanObject(line, start);
    if (object === null || line.slice(object.end).trim() !== "") return null;
    const words = line.slice(from, start);
    const measured = object.leaves.some(({ kind, path }) => kind === "number" && isMetricName(path));
    if (
      !measured ||
      !/[\s:=]$/.test(words) ||
      headsSettings(words, object.leaves) ||
      isSettings(object.leaves)
    )
      return null;
    const reading = readingFromObject(line, object, start);
    const tag =
      lineTags(words).at(-1)?.tag ?? /(?:^|\s)(train|val|valid|eval|test|dev)[\s:=]+$/i.exec(words)?.[1];
    const places = placesOf(line, from, start).filter(
      ({ role }) => !reading.fields.some((field) => field.role === role),
    );
    // `metrics = {'loss': 0.5}` alone is code.
    if (places.length === 0 && /=\s*$/.test(words)) return null;
    const fields = reading.fields.map((field) =>
      field.role === "point" && tag !== undefined ? { ...field, name: `${tag}/${field.name ?? ""}` } : field,
    );
    return {
      ...reading,
      fields: [...places, ...fields],
      literals: [...places.map((place) => [from, place.start] as const), ...(reading.literals ?? [])],
      repeats: false,
      certainty: "repeated",
    };
  },
};

function placesOf(line: string, from: number, to: number): LineField[] {
  const places: LineField[] = [];
  for (const match of line.slice(from, to).matchAll(PLACE)) {
    const role = /^epoch$/i.test(match[1]!) ? "epoch" : "step";
    const end = from + match.index + match[0].length;
    if (!places.some((place) => place.role === role))
      places.push({ start: end - match[2]!.length, end, role });
  }
  return places;
}

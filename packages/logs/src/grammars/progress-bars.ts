import { BarSteps } from "../text/bar-steps.ts";
import { EpochSteps } from "../text/epoch-steps.ts";
import { barTags, taggedName } from "../text/line-tags.ts";
import { readingFromObject } from "../text/object-reading.ts";
import { scanObject } from "../text/object-scanner.ts";
import { readingFromPairs } from "../text/pair-reading.ts";
import { NUMBER } from "../text/number-pattern.ts";
import type { LineField, LineGrammar, LineReading } from "../text/line-reading.ts";

const KERAS_EPOCH = /^\s*Epoch (\d+)\/\d+\s*$/;
const KERAS = new RegExp(
  `^\\s*(?:(\\d+)/(\\d+|Unknown|\\?|None)\\b.*?|- \\d+m?s(?:/epoch)?)?\\s-\\s+[A-Za-z_][\\w ]*: ${NUMBER}`,
);
/** Keras' own bar, which may stand where no epoch was named. */
const BAR = /^\s*\d+\/\d+ (?:\[[=>.]+\]|(?:\u00e2\u0094\u0081)+) /;
/** The words before the bar, its position, and what stands behind the rate. The total is missing where none is known. */
const TQDM =
  /^(.*?)(?:\d+%\|[^|]*\|\s*|\s)?(?:(\d+)\/(\d+)|(\d+)(?:it|ba|step|batch)\w*)\s+\[[\d:?]+(?:<[^,\]]*)?(?:,\s*[\d.?]+\s?[A-Za-z]*\/[A-Za-z]+)?(?:,\s*([^\]]*))?\]/;

/** A bar of Rich, as Lightning draws it: its position, the time gone and left, the rate, and what stands behind. */
const RICH =
  /^(.*?)\s(\d+)\/(\d+)() +[-\d:]+ \u00e2\u0080\u00a2 [-\d:]+(?: +[\d.]+(?:it\/s|s\/it))?(?: +(.*))?$/;

/**
 * The console of Keras: `Epoch 1/5`, then `422/422 [====] 47s 108ms/step - accuracy: 0.8659 - loss: 0.4917 - val_loss: 0.0581`,
 * redrawn as the epoch goes. The step counts batches over all epochs.
 */
export const keras: LineGrammar = {
  id: "keras",
  title: "Keras console",
  create() {
    const steps = new EpochSteps();
    let last = NaN;
    /** The batches of the epoch, once a line has told of its last one. */
    let ended: string | undefined;
    return (line, from) => {
      const epoch = from === 0 ? KERAS_EPOCH.exec(line) : null;
      if (epoch !== null) {
        steps.begin(Number(epoch[1]));
        ended = undefined;
        const start = line.indexOf(epoch[1]!);
        return { fields: [{ start, end: start + epoch[1]!.length, role: "epoch" }], repeats: false };
      }
      const match = steps.begun || BAR.test(line) ? KERAS.exec(line) : null;
      if (match === null) return null;
      const [, batch, of] = match as unknown as [string, string?, string?];
      const begin = batch === undefined ? 0 : line.indexOf(of!) + of!.length;
      const reading = readingFromPairs(line, {
        from: begin,
        rename: (name) => (name === "ETA" ? null : name),
      });
      if (reading === null || batch === undefined || !reading.fields.some((field) => field.role === "point"))
        return reading === null ? null : { ...reading, repeats: false };
      const placed = withPosition(line, reading, batch);
      // Without an epoch there is no training: it is evaluate()'s, or a bar of the user's own.
      if (!steps.begun) return placed;
      // A bar that begins anew within its epoch is of evaluate(): it stands at the last step of the training. The full bar
      // drawn once more is still fit()'s, which adds what it measured on held-out data.
      const again = batch === of && (of === ended || /\bval_\w+: /.test(line));
      if (ended !== undefined && !again) return { ...withTag(placed, "evaluate"), step: last, aside: true };
      const place = steps.place(Number(batch), Number(of));
      last = place.step;
      if (batch === of && !/\bETA:/.test(line)) ended = of;
      return { ...placed, ...place };
    };
  },
};

/**
 * tqdm bars with numbers behind them: `Epoch 3:  20%|##        | 400/2000 [04:09<16:37,  1.60it/s, loss=0.51, v_num=0]`. Where the
 * words before the bar name the epoch, or a full bar begins anew, the step counts over all epochs. A tag among them (`[train]`,
 * `Validation`) names the series. The bars of Rich that Lightning draws are read alike: `Epoch 3/9 ━━━ 400/2000 0:00:09 • 0:00:37
 * 42.1it/s v_num: 0 loss: 0.51`.
 */
export const tqdm: LineGrammar = {
  id: "tqdm",
  title: "tqdm progress bar",
  create() {
    const steps = new EpochSteps();
    const bars = new BarSteps();
    return (line, from) => {
      if (!line.includes("/")) return null;
      const message = line.slice(from);
      const rich = message.includes(" \u00e2\u0080\u00a2 ") ? RICH.exec(message) : null;
      const match = rich ?? (message.includes("[") ? TQDM.exec(message) : null);
      if (match === null) return null;
      const [whole, words, at, of, alone, postfix = ""] = match as unknown as [string, string, ...string[]];
      const end = from + match.index + whole.length + (rich === null ? 0 : 1);
      const position = at ?? alone!;
      const points = pointsBeside(line, { from, words, postfix, end });
      const epoch = /\bepoch\s*[:#=]?\s*\[?(\d+)/i.exec(words);
      const step =
        epoch === null ? bars.step(words, Number(position), Number(of ?? NaN), points !== null) : NaN;
      if (points === null) return null;
      const place = /(?:(\d+)\/\d+|\d+(?:it|ba|step|batch)\w*)\s+(?:\[|[-\d:]+ )/.exec(
        line.slice(from + words.length),
      )!;
      const placed = withPosition(line, points, position, from + words.length + place.index);
      if (epoch === null) return { ...placed, step };
      steps.begin(Number(epoch[1]));
      return { ...placed, ...steps.place(Number(position), Number(of ?? NaN)) };
    };
  },
};

/**
 * The figures behind the bar (`loss=0.5, acc=0.9`, also the members of a dict), and those that its description tells (`Loss: 0.5: 10%|`).
 */
function pointsBeside(
  line: string,
  bar: { from: number; words: string; postfix: string; end: number },
): LineReading | null {
  const begin = bar.end - 1 - bar.postfix.length;
  const open = begin + /\{/.exec(bar.postfix.concat("{"))!.index;
  const object = bar.postfix.includes("{") ? scanObject(line, open) : null;
  const outer = /(\w+)=$/.exec(line.slice(begin, open))?.[1];
  const read = object === null ? null : readingFromObject(line, object, open);
  const inner = read === null || outer === undefined ? read : withTag(read, outer);
  const behind = readingFromPairs(line.slice(0, inner === null ? bar.end : open), { from: begin });
  const description = bar.words.replace(/[:\s|]+$/, "");
  const told = /[:=] ?[-+.\dni]/i.test(description)
    ? readingFromPairs(
        line.slice(0, bar.from + description.length).replace(/\bepoch\s*[:=]?\s*\d+/i, blanks),
        {
          from: bar.from,
        },
      )
    : null;
  const tags = barTags(told === null ? bar.words : "", line.slice(0, bar.end));
  const fields = [...(told?.fields ?? []), ...(behind?.fields ?? []), ...(inner?.fields ?? [])].map((field) =>
    field.role === "point" ? { ...field, name: taggedName(field.name ?? "", field.start, tags) } : field,
  );
  // The step that the figures name goes before the bar's own count, which may be of batches (NeMo).
  const kept = fields.filter(({ role }) => role === "point" || role === "step");
  return kept.some(({ role }) => role === "point") ? { fields: kept } : null;
}

function blanks(text: string): string {
  return " ".repeat(text.length);
}

function withTag(reading: LineReading, tag: string): LineReading {
  const fields = reading.fields.map((field) =>
    field.role === "point" ? { ...field, name: `${tag}/${field.name ?? ""}` } : field,
  );
  return { ...reading, fields };
}

/** Adds the bar's position, which tells a redrawn bar from one that moved. */
function withPosition(line: string, reading: LineReading, at: string, from = 0): LineReading {
  const start = line.indexOf(at, from);
  const position: LineField = { start, end: start + at.length, role: "position" };
  const fields = [position, ...reading.fields.filter(({ role }) => role === "point" || role === "step")];
  return { fields: fields.sort((a, b) => a.start - b.start), repeats: false };
}

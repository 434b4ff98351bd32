import { EpochSteps } from "../text/epoch-steps.ts";
import { readingFromPairs } from "../text/pair-reading.ts";
import { NUMBER } from "../text/number-pattern.ts";
import type { LineField, LineGrammar, LineReading } from "../text/line-reading.ts";

const KERAS_EPOCH = /^\s*Epoch (\d+)\/\d+\s*$/;
const KERAS = new RegExp(`^\\s*(?:(\\d+)/(\\d+|Unknown|\\?|None)\\b.*?)?\\s-\\s+[A-Za-z_][\\w ]*: ${NUMBER}`);
const TQDM =
  /^(.*?)(?:\d+%\|[^|]*\||\d+it\b|\s)?\s*(\d+)\/(\d+)\s+\[[^\]]*?(?:it\/s|s\/it|\?it\/s)[,\s]+([^\]]*)\]/;

/**
 * The console of Keras: `Epoch 1/5`, then `422/422 [====] 47s 108ms/step - accuracy: 0.8659 - loss: 0.4917 - val_loss: 0.0581`,
 * redrawn as the epoch goes. The step counts batches over all epochs.
 */
export const keras: LineGrammar = {
  id: "keras",
  title: "Keras console",
  create() {
    const steps = new EpochSteps();
    return (line, from) => {
      const epoch = from === 0 ? KERAS_EPOCH.exec(line) : null;
      if (epoch !== null) {
        steps.begin(Number(epoch[1]));
        const start = line.indexOf(epoch[1]!);
        return { fields: [{ start, end: start + epoch[1]!.length, role: "epoch" }], repeats: false };
      }
      const match = steps.begun ? KERAS.exec(line) : null;
      if (match === null) return null;
      const [, batch, of] = match as unknown as [string, string?, string?];
      const begin = batch === undefined ? 0 : line.indexOf(of!) + of!.length;
      const reading = readingFromPairs(line, {
        from: begin,
        rename: (name) => (name === "ETA" ? null : name),
      });
      if (reading === null || batch === undefined || !reading.fields.some((field) => field.role === "point"))
        return reading;
      return { ...withPosition(line, reading, batch), ...steps.place(Number(batch), Number(of)) };
    };
  },
};

/**
 * tqdm bars with numbers behind them: `Epoch 3:  20%|##        | 400/2000 [04:09<16:37,  1.60it/s, loss=0.51, v_num=0]`. Where the
 * words before the bar name the epoch, the step counts over all epochs.
 */
export const tqdm: LineGrammar = {
  id: "tqdm",
  title: "tqdm progress bar",
  create() {
    const steps = new EpochSteps();
    return (line, from) => {
      if (!line.includes("it/s") && !line.includes("s/it")) return null;
      const match = TQDM.exec(line.slice(from));
      if (match === null) return null;
      const [whole, words, at, of, postfix] = match as unknown as [string, string, string, string, string];
      const begin = from + match.index + whole.length - 1 - postfix.length;
      const reading = readingFromPairs(line.slice(0, from + match.index + whole.length), { from: begin });
      if (reading === null) return null;
      const epoch = /\bepoch\s*[:#=]?\s*\[?(\d+)/i.exec(words);
      const placed = withPosition(line, reading, at, from + line.slice(from).search(/\d+\/\d+\s+\[/));
      if (epoch === null) return { ...placed, step: Number(at) };
      steps.begin(Number(epoch[1]));
      return { ...placed, ...steps.place(Number(at), Number(of)) };
    };
  },
};

/** Adds the bar's position, which tells a redrawn bar from one that moved. */
function withPosition(line: string, reading: LineReading, at: string, from = 0): LineReading {
  const start = line.indexOf(at, from);
  const position: LineField = { start, end: start + at.length, role: "position" };
  const points = reading.fields.filter((field) => field.role === "point");
  return { fields: [position, ...points], repeats: false };
}

import { NUMBER } from "../text/number-pattern.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const ALONE = new RegExp(`^((?:global_step|examples)/sec|Loss for final step): +(${NUMBER})\\.?\\s*$`);

/** What TensorFlow's Estimator prints by itself: `INFO:tensorflow:global_step/sec: 150.5`, `Loss for final step: 0.5.`; its other lines are of key and value. */
export const estimator: LineGrammar = {
  id: "estimator",
  title: "TensorFlow Estimator",
  create: () => (line, from) => {
    const match = ALONE.exec(line.slice(from));
    if (match === null) return null;
    const [, name, value] = match as unknown as [string, string, string];
    const start = line.indexOf(value, from + name.length + 1);
    return {
      fields: [{ start, end: start + value.length, role: "point", name }],
      literals: [[from, start]],
    };
  },
};

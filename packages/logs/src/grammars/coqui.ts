import type { LineField, LineGrammar } from "../text/line-reading.ts";
import { NUMBER } from "../text/number-pattern.ts";

const STEP = /^\s*--> STEP: -?\d+\/\d+ -- GLOBAL_STEP: (\d+)\s*$/;
const EVALUATION = /^\s*--> (?:EVAL PERFORMANCE|STEP: \d+)\s*$/;
const MEMBER = new RegExp(`^\\s*\\| > (\\w+): *(${NUMBER}) *(?:\\(([-+.\\w]+)\\))?\\s*$`);

/**
 * Coqui TTS: a line `--> STEP: 24/100 -- GLOBAL_STEP: 25`, then one `| > loss: 0.51  (0.62)` a line, the running mean in brackets
 * (`loss (avg)`). What it evaluates is `eval/loss`; behind the mean of an evaluation stands how it changed.
 */
export const coqui: LineGrammar = {
  id: "coqui",
  title: "Coqui TTS",
  create() {
    let mode: "train" | "eval" | null = null;
    return (line) => {
      const step = STEP.exec(line);
      if (step !== null) {
        mode = "train";
        const start = line.lastIndexOf(step[1]!);
        return { fields: [{ start, end: start + step[1]!.length, role: "step" }], repeats: false };
      }
      if (EVALUATION.test(line)) {
        mode = "eval";
        return { fields: [], repeats: false };
      }
      const member = mode === null ? null : MEMBER.exec(line);
      if (member === null) return null;
      const [, name, value, mean] = member as unknown as [string, string, string, string?];
      const series = mode === "eval" ? `eval/${name}` : name;
      const at = line.indexOf(value, line.indexOf(`${name}:`) + name.length + 1);
      const fields: LineField[] = [{ start: at, end: at + value.length, role: "point", name: series }];
      if (mean !== undefined && !/^[-+]/.test(mean) && !name.startsWith("avg_")) {
        const start = line.indexOf(mean, line.indexOf("(", at));
        fields.push({ start, end: start + mean.length, role: "point", name: `${series} (avg)` });
      }
      return { fields, repeats: false };
    };
  },
};

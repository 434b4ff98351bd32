import { NUMBER } from "../text/number-pattern.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

const ITERATION = new RegExp(`^Iteration +(\\d+)(?: \\([^)]*\\))?, (loss|lr) = +(${NUMBER})`);
const TESTING = /^Iteration +(\d+), Testing net/;
const OUTPUT = new RegExp(`^\\s*(Train|Test) net output #\\d+: (\\S+) = +(${NUMBER})`);

/** Caffe's glog lines: `Iteration 3000, loss = 1.30168`, `Test net output #1: loss = 1.15`. */
export const caffe: LineGrammar = {
  id: "caffe",
  title: "Caffe",
  create: () => (line, from) => {
    const message = line.slice(from);
    const testing = TESTING.exec(message);
    if (testing !== null) {
      const start = line.indexOf(testing[1]!, from);
      return { fields: [{ start, end: start + testing[1]!.length, role: "step" }] };
    }
    const iteration = ITERATION.exec(message);
    const match = iteration ?? OUTPUT.exec(message);
    if (match === null) return null;
    const [whole, first, name, value] = match as unknown as [string, string, string, string];
    const end = from + whole.length;
    const point: LineField = {
      start: end - value.length,
      end,
      role: "point",
      name: iteration === null ? `${first.toLowerCase()}/${name}` : name,
    };
    if (iteration === null) return { fields: [point], literals: [[from, point.start]] };
    const start = line.indexOf(first, from);
    return { fields: [{ start, end: start + first.length, role: "step" }, point] };
  },
};

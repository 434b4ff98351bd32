import { EpochCourse } from "../text/epoch-course.ts";
import { readingFromObject } from "../text/object-reading.ts";
import { scanObject, type Leaf } from "../text/object-scanner.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const SHAPE = /^\{"mode": ?"(train|val)", ?"epoch": ?\d+, ?"iter": ?\d+,/;

/**
 * mmcv's `.log.json`: `{"mode": "train", "epoch": 2, "iter": 50, "loss": 0.5}`. Its iterations begin anew in each epoch, whose
 * length it does not tell: they run on behind the last that was logged of an epoch, as MMDetection draws them. The iterations of
 * a validation are its own: it stands at the last training step.
 */
export const mmcvJson: LineGrammar = {
  id: "mmcv-json",
  title: "mmcv .log.json",
  record: true,
  long: true,
  create() {
    const course = new EpochCourse();
    let longest = 0;
    let last: number | undefined;
    return (line, start) => {
      const mode = SHAPE.exec(line.slice(start, start + 80))?.[1];
      const object = mode === undefined ? null : scanObject(line, start);
      if (object === null || line.slice(object.end).trim() !== "") return null;
      const numberOf = (path: string): number => {
        const leaf = object.leaves.find((leaf) => leaf.path === path)!;
        return Number(line.slice(leaf.start, leaf.end));
      };
      const isPlace = ({ path }: Leaf): boolean => path === "iter" || path === "epoch";
      const leaves = object.leaves.filter((leaf) => !isPlace(leaf));
      const reading = readingFromObject(line, { ...object, leaves }, start);
      const epoch = numberOf("epoch");
      if (mode === "train") {
        const at = numberOf("iter");
        last = course.step(0, epoch, at, longest);
        longest = Math.max(longest, at);
      }
      const step = last === undefined ? {} : { step: last };
      return { ...reading, ...step, epoch, aside: mode === "val", repeats: false };
    };
  },
};

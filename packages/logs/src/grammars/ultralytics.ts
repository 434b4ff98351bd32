import { numberFromText } from "../document/record.ts";
import { EpochSteps } from "../text/epoch-steps.ts";
import type { LineGrammar, LineReading } from "../text/line-reading.ts";

const HEADER = /^\s*Epoch\s+GPU_mem\s+(\S.*)$/i;
const ROW = /^\s*(\d+)\/\d+\s+\S+\s+([-+.\dnaife\s]+?):\s+\d+%\D.*?(\d+)\/(\d+)\s/i;
const VALIDATION = /^\s*Class\s+Images\s+(?:Instances|Labels)\s+(\S.*?)(?::\s+\d+%.*)?$/;
const ALL = /^\s*all\s+\d+\s+\d+\s+([-+.\dnaife\s]+)$/i;

/**
 * The console of Ultralytics and YOLOv5: a header `Epoch GPU_mem box_loss cls_loss ..`, rows `1/3 2.45G 1.198 3.512 ..: 50%|` redrawn as
 * the epoch goes, and the figures over all classes after a validation. The step counts batches over all epochs.
 */
export const ultralytics: LineGrammar = {
  id: "ultralytics",
  title: "Ultralytics YOLO, printed",
  create() {
    const steps = new EpochSteps();
    let names: string[] = [];
    let figures: string[] = [];
    return (line, from) => {
      if (from > 0 && names.length === 0) return null;
      const header = HEADER.exec(line);
      if (header !== null) {
        names = header[1]!.trim().split(/\s+/);
        return { fields: [], repeats: false };
      }
      if (names.length === 0) return null;
      const row = ROW.exec(line);
      if (row !== null) {
        const [, epoch, cells, at, of] = row as unknown as [string, string, string, string, string];
        steps.begin(Number(epoch));
        const position = line.lastIndexOf(`${at}/${of}`);
        const reading = points(names, cells, "train");
        if (reading === null) return null;
        const field = { start: position, end: position + at.length, role: "position" } as const;
        return { ...reading, fields: [field], ...steps.place(Number(at), Number(of)) };
      }
      const validation = VALIDATION.exec(line);
      if (validation !== null) {
        figures = validation[1]!
          .trim()
          .split(/\s+/)
          .map((name) => name.replace(/^(\w+)\(/, "$1/").replace(/\)$/, ""));
        return { fields: [], repeats: false };
      }
      const all = ALL.exec(line);
      return all === null ? null : points(figures, all[1]!, "val");
    };
  },
};

function points(names: readonly string[], cells: string, tag: string): LineReading | null {
  const values = cells.trim().split(/\s+/).map(numberFromText);
  if (values.length !== names.length || values.length === 0) return null;
  return {
    fields: [],
    points: names.flatMap((name, i) =>
      values[i] === null ? [] : [{ name: `${tag}/${name}`, value: values[i]! }],
    ),
    repeats: false,
  };
}

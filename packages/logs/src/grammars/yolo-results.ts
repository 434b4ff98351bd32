import { numberFromText } from "../document/record.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const ROW = /^\s*(\d+)\/\d+\s+[\d.]+[GM]?((?:\s+[-+.\w]+){13})\s*$/;
const NAMES = [
  ...["box", "obj", "cls", "total", "labels", "img_size"].map((name) => `train/${name}`),
  ...["P", "R", "mAP@.5", "mAP@.5:.95", "box", "obj", "cls"].map((name) => `val/${name}`),
];

/** `results.txt` of YOLOv7 and of YOLOv5 before its tables: rows without names, `0/299  5.1G  0.05  0.01  ..`, one an epoch. */
export const yoloResults: LineGrammar = {
  id: "yolo-results",
  title: "YOLOv7 results.txt",
  create: () => (line) => {
    const row = ROW.exec(line);
    const values = row?.[2]!.trim().split(/\s+/).map(numberFromText);
    if (row === null || values === undefined || values.includes(null)) return null;
    const points = NAMES.map((name, i) => ({ name, value: values[i]! }));
    return { fields: [], points, epoch: Number(row[1]), repeats: false };
  },
};

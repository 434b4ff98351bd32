import { byteText } from "../bytes/byte-text.ts";
import { numberFromText } from "../document/record.ts";
import type { FormatFamily, Head } from "../format.ts";
import { tensorboardTag } from "../tensorboard-tag.ts";
import { isPredictions } from "../table/is-predictions.ts";
import { layoutFromHead, type TableLayout } from "../table/table-layout.ts";
import { columnsFromHeader } from "../table/table-columns.ts";
import { TableReader } from "../table/table-reader.ts";
import { isCourseName, isMetricName } from "../axes.ts";

interface TableKind {
  readonly id: string;
  readonly title: string;
  /** Tells the writer by its columns and the file's name; tables that no kind claims are plain ones. */
  readonly claims: (columns: ReadonlySet<string>, name: string) => boolean;
}

const KINDS: readonly TableKind[] = [
  {
    id: "yolo-csv",
    title: "Ultralytics results.csv",
    claims: (columns, name) => /results[^/]*\.csv$/.test(name) || columns.has("train/box_loss"),
  },
  {
    id: "lightning-csv",
    title: "Lightning metrics.csv",
    claims: (columns, name) =>
      columns.has("step") && (columns.has("epoch") || /metrics[^/]*\.csv$/.test(name)),
  },
  {
    id: "wandb-csv",
    title: "Weights & Biases chart export",
    claims: (columns) => [...columns].some((column) => / - .*__(?:MIN|MAX)$/.test(column)),
  },
  {
    id: "rllib-csv",
    title: "RLlib progress.csv",
    claims: (columns) => columns.has("training_iteration"),
  },
  {
    id: "spinup",
    title: "Spinning Up progress.txt",
    claims: (columns) => columns.has("TotalEnvInteracts") || columns.has("AverageEpRet"),
  },
  {
    id: "sb3-csv",
    title: "Stable-Baselines3 monitor.csv or progress.csv",
    claims: (columns) =>
      columns.has("time/total_timesteps") || (columns.has("r") && columns.has("l") && columns.has("t")),
  },
  {
    id: "catboost",
    title: "CatBoost TSV",
    claims: (columns, name) => columns.has("iter") && name.endsWith(".tsv"),
  },
  {
    id: "dvclive",
    title: "DVCLive TSV",
    claims: (columns, name) =>
      /(?:plots\/metrics|dvclive\/scalars)\/.*\.tsv$/.test(name) && columns.has("step"),
  },
  {
    id: "keras-csv",
    title: "Keras CSVLogger",
    claims: (columns) => columns.has("epoch") && columns.has("loss"),
  },
  { id: "csv", title: "Table of text (CSV, TSV)", claims: () => true },
];

const TAB = 9;

/** Tables of text, told apart by who writes them; all are read alike. */
export const tableFormats: FormatFamily = {
  formats: KINDS.map(({ id, title }) => ({ id, title, kind: "text" })),
  detect(head) {
    const layout = layoutFromHead(head.bytes);
    if (layout === null) return measureOfFile(head) === null ? null : { id: "csv", confidence: 0.8 };
    const columns = new Set(layout.header);
    const kind = KINDS.find((kind) => kind.claims(columns, head.name))!;
    const sure = confidence(layout, kind.id === "csv");
    return sure === 0 ? null : { id: kind.id, confidence: sure };
  },
  open(track, head, id) {
    const layout = layoutFromHead(head.bytes);
    const tag = tagFromPath(head.name);
    const value = tensorboardTag(head.name);
    const alone = layout === null ? measureOfFile(head) : null;
    if (alone !== null) return new TableReader(track, { formatId: id, separator: 44, header: [alone] });
    return new TableReader(track, {
      formatId: id,
      separator: layout?.separator ?? 44,
      ...(layout?.given === true ? { header: layout.header } : {}),
      ...(tag === null ? {} : { tag }),
      ...(head.part === undefined ? {} : { part: head.part }),
      ...(layout?.header.join() === "Wall time,Step,Value" && value !== null ? { value } : {}),
    });
  },
};

/** A file of one number a line, as `np.savetxt` writes it, is a series where its name says what it measures: `train_loss.txt`. */
function measureOfFile({ bytes, name }: Head): string | null {
  const stem = /([^/]+?)(?:\.\w{1,5})?$/.exec(name)?.[1] ?? "";
  if (!isMetricName(stem)) return null;
  const lines = byteText(bytes, 0, Math.min(bytes.length, 4096)).split(/\r\n|\n|\r/);
  lines.pop();
  return lines.length >= 3 && lines.every((line) => numberFromText(line) !== null) ? stem : null;
}

/** Some writers put the tag into the file's name: CatBoost's `test_error.tsv`, DVCLive's `plots/metrics/train/loss.tsv`. */
function tagFromPath(path: string): string | null {
  const match =
    /(?:^|\/)(learn|test)_error\.tsv$/.exec(path) ??
    /(?:^|\/)(?:plots\/metrics|dvclive\/scalars)\/(.+)\/[^/]+\.tsv$/.exec(path);
  return match === null ? null : match[1]!;
}

/** The index that pandas writes: any table may have it. */
function isIndexName(name: string): boolean {
  return name === "" || name.startsWith("Unnamed: 0");
}

function confidence(layout: TableLayout, plain: boolean): number {
  const columns = columnsFromHeader(layout.header);
  const indexed = columns.step >= 0 && isIndexName(layout.header[columns.step]!);
  const placed = (columns.step >= 0 && !indexed) || columns.epoch >= 0;
  const measured = layout.header.some(isMetricName);
  if (plain && !placed && !layout.given && !(measured || layout.header.some(isCourseName))) return 0;
  if (!placed && isPredictions(layout.header)) return 0;
  if (layout.separator === 32 && !(placed && measured)) return 0;
  const printed = layout.separator === 32 && !layout.given;
  if (layout.rows === 0) return placed && measured ? (printed ? 0.4 : 0.6) : 0;
  if (layout.fit < 0.5) return 0;
  // Columns of blanks stand in printed logs too, between other lines: their grammar goes first.
  if (printed) return layout.fit * 0.55;
  // Names of several words between tabs, as notebooks print them, are columns of blanks as well.
  if (plain && layout.separator === TAB && placed && measured) return layout.fit * 0.96;
  return layout.fit * (plain ? (placed || measured ? 0.85 : 0.7) : 0.95);
}

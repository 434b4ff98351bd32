import { axisFromName } from "../axes.ts";
import { numberFromText } from "../document/record.ts";
import type { LineGrammar, LineReading } from "../text/line-reading.ts";

const BOX_ROW = /^\|\s*(.+?)\s*\|\s*(\S.*?)?\s*\|\s*$/;
const RULE = /^[-+=|\s]{8,}$/;
const EVALUATION = /^Eval num_timesteps=(\d+), episode_reward=(-?[\d.]+) \+\/- /;
const BOX_RULE = /^-{8,}\s*$/;

/**
 * The table that Stable-Baselines3 prints after each rollout: rows `|    loss   | 0.1  |` under sections `| train/  |  |`. The
 * points of a table stand together, at its count of timesteps or iterations.
 */
export const boxTable: LineGrammar = {
  id: "sb3",
  title: "Stable-Baselines3, printed",
  create() {
    let section = "";
    let rows: { name: string; value: number }[] | null = null;
    return (line) => {
      const evaluation = EVALUATION.exec(line);
      if (evaluation !== null) {
        const [, step, reward] = evaluation as unknown as [string, string, string];
        return readingFromRows([
          { name: "total_timesteps", value: Number(step) },
          { name: "eval/episode_reward", value: Number(reward) },
        ]);
      }
      if (RULE.test(line)) {
        const done = rows ?? [];
        rows = BOX_RULE.test(line) ? [] : null;
        section = "";
        return done.length === 0 ? null : readingFromRows(done);
      }
      const match = rows === null ? null : BOX_ROW.exec(line);
      if (match === null || rows === null) {
        rows = null;
        return null;
      }
      const [, name, value] = match as unknown as [string, string, string?];
      const number = numberFromText(value ?? "");
      if (value === undefined && name.endsWith("/")) section = name;
      else if (number === null || rows.length > 500) return null;
      else rows.push({ name: section + name, value: number });
      return { fields: [], repeats: false };
    };
  },
};

/** What fastai writes where nothing was measured. */
const EMPTY_CELL = /^(?:#na#|None|N\/A|-+)$/;

/** What spaCy calls its axes. */
const COLUMNS: Readonly<Record<string, string>> = { "#": "step", E: "epoch", Itn: "step" };

/** A table in columns of blanks, as fastai and spaCy print it: the header names an epoch or step, and a loss. */
export const columnTable: LineGrammar = {
  id: "columns",
  title: "Table in columns (fastai, spaCy)",
  create() {
    let names: string[] = [];
    return (line) => {
      if (names.length === 0 && !/loss/i.test(line)) return null;
      const header = cellsOfHeader(line);
      if (isHeader(header)) {
        names = header.map((name) => COLUMNS[name] ?? name);
        return { fields: [], repeats: false };
      }
      const cells = line.trim().split(line.includes("|") ? /\s*\|\s*/ : line.includes("\t") ? /\t/ : /\s+/);
      if (names.length === 0 || cells.length !== names.length || RULE.test(line)) return null;
      const rows = cells.flatMap((cell, i) => {
        const value = numberFromText(cell);
        return value === null ? [] : [{ name: names[i]!, value }];
      });
      const empty = cells.filter((cell) => EMPTY_CELL.test(cell)).length;
      if (rows.length + empty < cells.length - 1 || rows[0]?.name !== names[0]) return null;
      return readingFromRows(rows);
    };
  },
};

/** Names may be of several words where two blanks part the columns. */
function cellsOfHeader(line: string): string[] {
  const text = line.trim();
  if (text.includes("|")) return text.split(/\s*\|\s*/);
  const wide = text.split(/ {2,}|\t/);
  return wide.length >= 3 ? wide : text.split(/\s+/);
}

function isHeader(cells: readonly string[]): boolean {
  return (
    cells.length >= 3 &&
    /^(?:epoch|step|iter(?:ation)?|itn|E)$/i.test(cells[0]!) &&
    cells.some((cell) => /loss/i.test(cell)) &&
    cells.every((cell) => numberFromText(cell) === null && !/[=:{}]/.test(cell))
  );
}

function readingFromRows(rows: readonly { name: string; value: number }[]): LineReading {
  let step: number | undefined;
  let epoch: number | undefined;
  const points = rows.filter(({ name, value }) => {
    const axis = /(?:^|\/)total_timesteps$/.test(name) ? "step" : axisFromName(name);
    if (axis === "step") step = name.endsWith("total_timesteps") ? value : (step ?? value);
    if (axis === "epoch") epoch = value;
    return axis === null;
  });
  return {
    fields: [],
    points,
    repeats: false,
    ...(step === undefined ? {} : { step }),
    ...(epoch === undefined ? {} : { epoch }),
  };
}

import type { LossWindow } from "@lossflow/streaming";
import { UsageError } from "./usage-error.ts";

const GRAMMAR = /^(rows|step|time):(.+)$/su;
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  rows: [],
  step: ["slide"],
  time: ["slide", "lateness"],
};

/**
 * Reads `rows:N`, `step:COLUMN:WIDTH[,slide=S]` or `time:COLUMN:WIDTH[,slide=S][,lateness=D]`; widths and slides of
 * times, and lateness, are as `500ms`, `10s`, `5m`, `2h`, `1d`. A column may hold colons, since the width comes last.
 */
export function windowOf(flag: string): (text: string) => LossWindow {
  return (text) => {
    const wrong = (): UsageError =>
      new UsageError(
        `${flag} takes rows:1000, step:COLUMN:10 or time:COLUMN:30s, the latter two with ,slide=5 or ,slide=10s,lateness=1m behind them, not ${JSON.stringify(text)}.`,
      );
    const [, kind, rest] = GRAMMAR.exec(text) ?? [];
    if (kind === undefined || rest === undefined) throw wrong();
    const [head, ...settings] = splitSettings(rest);
    const given = new Map<string, string>();
    for (const setting of settings) {
      const [name, value] = setting.split("=") as [string, string];
      if (!SETTINGS[kind]!.includes(name) || given.has(name)) throw wrong();
      given.set(name, value);
    }
    const colon = head!.lastIndexOf(":");
    const width = head!.slice(colon + 1);
    if (kind === "rows") {
      if (colon !== -1 || !/^[1-9]\d*$/.test(width) || !Number.isSafeInteger(Number(width))) throw wrong();
      return { rows: Number(width) };
    }
    const column = head!.slice(0, Math.max(0, colon));
    if (column === "") throw wrong();
    const slide = given.get("slide");
    if (kind === "step") {
      const sizes = [width, slide ?? width].map((size) => (size.trim() === "" ? Number.NaN : Number(size)));
      if (!sizes.every((size) => size > 0 && Number.isFinite(size))) throw wrong();
      return { step: column, width: sizes[0]!, slide: sizes[1]! };
    }
    const durations = [width, slide, given.get("lateness")].filter((one) => one !== undefined);
    if (!durations.every((one) => /^\d+(\.\d+)?(us|ms|s|m|h|d)$/.test(one))) throw wrong();
    return { time: column, width, slide, lateness: given.get("lateness") };
  };
}

/** Parts `,name=value` from the end; what is before them may hold commas. */
function splitSettings(text: string): string[] {
  const settings: string[] = [];
  let head = text;
  for (;;) {
    const found = /^(.*),\s*([a-z]+=[^,=]+)$/su.exec(head);
    if (found === null) return [head, ...settings];
    head = found[1]!;
    settings.unshift(found[2]!.trim());
  }
}

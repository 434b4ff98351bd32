import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

export interface Option {
  /** What it means, for the help. */
  readonly means: string;
  readonly default: string;
  /**
   * Whole numbers from 1 on, one or several with commas between; counts of workers, up to the 256 that a pool takes; a folder
   * that can be written in; a program that runs; or some of these words.
   */
  readonly values: "number" | "numbers" | "workers" | "folder" | "program" | readonly string[];
}

/**
 * Reads a bench's options. `--help` prints them and ends the process with 0; an option that there is not, or a value that it
 * does not take, ends it with 2 and a sentence.
 */
export function commandLine<Name extends string>(
  about: string,
  options: Readonly<Record<Name, Option>>,
): Readonly<Record<Name, string>> {
  const all = Object.entries<Option>(options);
  try {
    const { values } = parseArgs({
      options: {
        ...Object.fromEntries(
          all.map(([name, option]) => [name, { type: "string", default: option.default }]),
        ),
        help: { type: "boolean" },
      },
    });
    if (values.help === true) end(helpOf(about, all), 0);
    const given = values as Readonly<Record<Name, string>>;
    for (const [name, option] of all) check(name, option, given[name as Name]);
    return given;
  } catch (error) {
    const [sentence] = (error as Error).message.split("\n");
    return end(`${sentence!.replace(/\.?$/, ".")} See --help.`, 2);
  }
}

function check(name: string, option: Option, value: string): void {
  const { values } = option;
  const words = value.split(",");
  const isWhole = words.every((word) => /^[1-9]\d*$/.test(word));
  let expected: string | null = null;
  if (values === "number") expected = isWhole && words.length === 1 ? null : "a whole number from 1 on";
  else if (values === "numbers") expected = isWhole ? null : "whole numbers from 1 on";
  else if (values === "workers")
    expected = isWhole && words.every((word) => Number(word) <= 256) ? null : "whole numbers from 1 to 256";
  else if (values === "folder") expected = canWriteIn(value) ? null : "a folder that can be written in";
  else if (values === "program") {
    expected = spawnSync(value, ["--version"]).status === 0 ? null : "a program that runs";
  } else if (value !== option.default && !words.every((word) => values.includes(word)))
    expected = values.join(", ");
  if (expected !== null)
    throw new Error(`--${name} takes ${expected}, not ${value === "" ? "nothing" : value}.`);
}

function canWriteIn(folder: string): boolean {
  try {
    rmdirSync(mkdtempSync(join(folder, "lossflow-")));
    return true;
  } catch {
    return false;
  }
}

function helpOf(about: string, options: readonly (readonly [string, Option])[]): string {
  const lines = options.map(([name, { means, default: given }]) => {
    const otherwise = given === "" ? "" : ` (${given})`;
    return `  --${name.padEnd(10)} ${means}${otherwise}`;
  });
  return [about, "", ...lines].join("\n");
}

function end(text: string, code: number): never {
  (code === 0 ? console.log : console.error)(text);
  process.exit(code);
}

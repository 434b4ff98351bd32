import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as series from "@lossflow/series";

/** The blocks of a language in a page or in the docstring of a source file. */
function blocksOf(file: string, language: string): readonly string[] {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), "utf8").replaceAll(/^ \* ?/gm, "");
  return Array.from(
    text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g")),
    ([, block]) => block!,
  );
}

/** Runs a program and gives the lines that it prints. */
function run(program: string): string[] {
  const printed: string[] = [];
  const body = program
    .replaceAll(/import \{([^}]*)\} from "@lossflow\/series";/g, "const {$1} = series;")
    .replaceAll(/: number\b/g, "")
    .replaceAll("!;", ";");
  // oxlint-disable-next-line typescript/no-implied-eval -- running the text of the page is the point
  new Function("series", "console", body)(series, { log: (line: unknown) => printed.push(String(line)) });
  return printed;
}

test("the program of the README prints what stands below it", () => {
  const programs = blocksOf("README.md", "ts");
  expect(programs).toHaveLength(1);
  expect(blocksOf("README.md", "text")).toEqual([`${run(programs[0]!).join("\n")}\n`]);
});

test("the program of the module's docstring prints what it says", () => {
  const [program, ...others] = blocksOf("src/index.ts", "ts");
  expect(others).toEqual([]);
  const promised = Array.from(program!.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g), ([, said]) => said!);
  expect(promised).toHaveLength(2);
  expect(run(program!)).toEqual(promised);
});

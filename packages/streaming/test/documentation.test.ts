import { readdirSync, readFileSync } from "node:fs";
import { inspect } from "node:util";
import * as streaming from "@lossflow/streaming";
import * as arrow from "apache-arrow";
import * as rxjs from "rxjs";
import { expect, test } from "vitest";

const MODULES: Readonly<Record<string, unknown>> = {
  "@lossflow/streaming": streaming,
  "apache-arrow": arrow,
  rxjs,
};
const root = new URL("../", import.meta.url);
const pages = [
  "README.md",
  ...readdirSync(new URL("src/", root), { recursive: true, encoding: "utf8" }).map((file) => `src/${file}`),
];

/** The programs in a page or in the docstrings of a source file. */
function programsOf(file: string): readonly string[] {
  if (!/\.(?:md|ts)$/.test(file)) return [];
  const text = readFileSync(new URL(file, root), "utf8");
  const plain = file.endsWith(".ts") ? text.replaceAll(/^ \* ?/gm, "") : text;
  return Array.from(plain.matchAll(/```ts\n([\s\S]*?)```/g), ([, program]) => program!);
}

/** Runs a program and gives what it printed. */
async function run(program: string): Promise<string[]> {
  const printed: string[] = [];
  const log = (...values: unknown[]): void => {
    printed.push(
      values
        .map((value) => (typeof value === "string" ? value : inspect(value, { breakLength: Infinity })))
        .join(" "),
    );
  };
  const body = program.replaceAll(/import \{([^}]*)\} from ("[^"]+");/g, "const {$1} = modules[$2];");
  // eslint-disable-next-line typescript/no-implied-eval -- running the text of the page is the point
  await (new Function("modules", "console", `return (async () => {${body}})();`)(MODULES, {
    log,
  }) as Promise<void>);
  return printed;
}

const programs = pages.flatMap((file) => programsOf(file).map((program) => [file, program] as const));

test.each(programs)("the program of %s prints what it says", async (_file, program) => {
  const promised = Array.from(program.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g), ([, said]) => said!);
  expect(await run(program)).toEqual(promised);
  expect(promised.length).toBeGreaterThan(0);
});

test("the README and the root entry have a program", () => {
  expect(programs.map(([file]) => file)).toEqual(expect.arrayContaining(["README.md", "src/index.ts"]));
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as core from "@lossflow/core";
import * as plainEntry from "@lossflow/core/plain";
import * as runningEntry from "@lossflow/core/running";
import * as textsEntry from "@lossflow/core/texts";

const root = new URL("../", import.meta.url);
const pages = ["README.md", "../../docs/losses.md", "../../docs/denominators.md"].filter((page) =>
  existsSync(new URL(page, root)),
);
const sources = readdirSync(new URL("src/", root), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `src/${file}`);

/** The programs in a page or in the docstrings of a source file. */
function programsOf(file: string): readonly string[] {
  const text = readFileSync(new URL(file, root), "utf8");
  const plain = file.endsWith(".ts") ? text.replaceAll(/^ \* ?/gm, "") : text;
  return Array.from(plain.matchAll(/```ts\n([\s\S]*?)```/g), ([, program]) => program!);
}

/** Runs a program and gives what it printed, and what its comments say it prints. */
function run(program: string): { printed: string[]; promised: string[] } {
  const printed: string[] = [];
  const log = (...values: unknown[]): void => {
    const text = values.map((value) =>
      typeof value === "string" ? value : inspect(value, { breakLength: Infinity }),
    );
    printed.push(text.join(" "));
  };
  const body = program
    .replaceAll(/import \{([^}]*)\} from "@lossflow\/core";/g, "const {$1} = core;")
    .replaceAll(/import \{([^}]*)\} from "@lossflow\/core\/plain";/g, "const {$1} = plainEntry;")
    .replaceAll(/import \{([^}]*)\} from "@lossflow\/core\/running";/g, "const {$1} = runningEntry;")
    .replaceAll(/import \{([^}]*)\} from "@lossflow\/core\/texts";/g, "const {$1} = textsEntry;");
  // eslint-disable-next-line typescript/no-implied-eval -- running the text of the page is the point
  new Function("core", "plainEntry", "runningEntry", "textsEntry", "console", body)(
    core,
    plainEntry,
    runningEntry,
    textsEntry,
    { log },
  );
  return {
    printed,
    promised: Array.from(program.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g), ([, said]) => said!),
  };
}

describe.each(
  [...pages, ...sources].map((file) => [file, programsOf(file)] as const).filter(([, p]) => p.length > 0),
)("%s", (_, programs) => {
  test.each(programs.map((program, k) => [k + 1, program] as const))(
    "program %i prints what it says",
    (_k, program) => {
      const { printed, promised } = run(program);
      expect(printed).toEqual(promised);
      expect(printed.length).toBeGreaterThan(0);
    },
  );
});

test("the README has programs", () => {
  expect(programsOf("README.md")).toHaveLength(3);
});

import { readFileSync } from "node:fs";
import * as core from "@lossflow/core";
import { describe, expect, test } from "vitest";
import * as kernels from "@lossflow/kernels";

/** The programs in a page or in the docstrings of a source file. */
function programsOf(file: string): readonly string[] {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  const plain = file.endsWith(".ts") ? text.replaceAll(/^ \* ?/gm, "") : text;
  return Array.from(plain.matchAll(/```ts\n([\s\S]*?)```/g), ([, program]) => program!);
}

describe.each(["README.md", "src/index.ts"])("%s", (file) => {
  test("has a program that prints what it says", () => {
    const [program, ...others] = programsOf(file);
    expect(others).toEqual([]);
    const printed: string[] = [];
    const body = program!
      .replaceAll(/import \{([^}]*)\} from "@lossflow\/core";/g, "const {$1} = core;")
      .replaceAll(/import \{([^}]*)\} from "@lossflow\/kernels";/g, "const {$1} = entry;");
    // eslint-disable-next-line typescript/no-implied-eval -- running the text of the page is the point
    new Function("core", "entry", "console", body)(core, kernels, {
      log: (...values: unknown[]) => printed.push(values.join(" ")),
    });
    expect(printed.length).toBeGreaterThan(0);
    expect(printed).toEqual(
      Array.from(program!.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g), ([, said]) => said!),
    );
  });
});

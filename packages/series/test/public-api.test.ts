import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as series from "@lossflow/series";

test("the package exports this and nothing else", () => {
  expect(Object.keys(series).sort()).toMatchInlineSnapshot(`
    [
      "BlockSeries",
      "Buckets",
      "DebiasedEma",
      "DivergenceDetector",
      "NonFiniteDetector",
      "OverfitDetector",
      "PlateauDetector",
      "Pyramid",
      "RollingMean",
      "RollingMedian",
      "SeriesDetectors",
      "SpikeDetector",
      "StallDetector",
      "TimedEma",
      "ZeroDetector",
      "bootstrapCentre",
      "bootstrapDifference",
      "commonCells",
      "commonStretch",
      "differenceOver",
      "levelOver",
      "meanInterval",
    ]
  `);
});

test("the program in its documentation prints what it says", () => {
  const source = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8").replaceAll(/^ \* ?/gm, "");
  const program = /```ts\n([\s\S]*?)```/.exec(source)![1]!;
  const printed: string[] = [];
  const body = program.replace(/import \{([^}]*)\} from "@lossflow\/series";/, "const {$1} = series;");
  // eslint-disable-next-line typescript/no-implied-eval -- running the text of the page is the point
  new Function("series", "console", body)(series, { log: (value: unknown) => printed.push(String(value)) });
  const promised = Array.from(program.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g), ([, said]) => said!);
  expect(printed).toEqual(promised);
  expect(printed.length).toBeGreaterThan(0);
});

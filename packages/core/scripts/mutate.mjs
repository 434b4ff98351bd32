/*
 * Breaks the arithmetic of every loss, of the reductions, of the denominators and of checks of labels and ranges, one
 * operator at a time, and says which broken ones the tests do not notice. No file is written: the broken text is served to
 * the tests in memory.
 *
 *     node scripts/mutate.mjs                        all of them, an hour and more
 *     node scripts/mutate.mjs --only losses/focal.ts,reduce/    some files
 *     node scripts/mutate.mjs --every 10             every tenth
 *
 * Ends with 1 where one survives that is not listed in scripts/equivalent-mutants.json, which says of each why no test
 * could tell it from the original, and where one that is listed there does not survive.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createVitest } from "vitest/node";

const values = readOptions();
const root = fileURLToPath(new URL("../", import.meta.url));
const TESTS = ["test/golden", "test/reference", "test/losses", "test/peers"];
const CONDITIONS = { conditions: ["lossflow:src"] };

/** What an operator becomes. Boundaries (< for <=) are left alone: at them both sides of a loss agree. */
const SWAPS = [
  [/ \+ /g, " - "],
  [/ - /g, " + "],
  [/ \* /g, " / "],
  [/ \/ /g, " * "],
  [/ < /g, " > "],
  [/ > /g, " < "],
  [/ \+= /g, " -= "],
  [/ -= /g, " += "],
  [/ === /g, " !== "],
  [/ !== /g, " === "],
  [/Math\.max\(/g, "Math.min("],
  [/Math\.min\(/g, "Math.max("],
  [/Math\.log1p\(/g, "Math.log("],
  [/Math\.log\(/g, "Math.log1p("],
  [/Math\.exp\(/g, "Math.expm1("],
  [/Math\.(abs|sign|tanh|sinh|sqrt)\(/g, "("],
  [/(?<=[=(?:,] ?)-(?=[a-zA-Z(])/g, ""],
  [/(?<=[ (])1(?= [-+*/])/g, "2"],
  [/(?<=[ (])2(?= [-+*/])/g, "3"],
  [/0\.5\b/g, "0.25"],
];

/** Lines that hold no arithmetic of a loss (by 1, to have a register), or the bound of a loop, which would run for hours. */
const SKIPPED =
  /^\s*(const each =|\*|\/\*|\/\/|import|export (type|interface)|readonly|throw|refuse|check|same)|refuse\(|`|: LossColumns,$| \* 1;$/;

/** Where a loss's formula begins, its gradient (which may end a loop that both go through), and what they share. */
const FORMULA = /\bevaluate\b.*\{$|[lL]oss(\(| = \().*\{$|function walk\(.*\{$/;
const GRADIENT =
  /\bdifferentiate\b.*\{$|^function \w*[sS]lopes?\(|^\s*if \(out === null\) return|^\s*const gradient = |^\s*if \(isSlope\)/;
const SHARED = /^(export )?(function|const)|^ {2}(function \w+|const \w+ = )\(/;

const folders = ["losses", "reduce", "plain"];
const OTHERS = [
  "input/weights-from-options.ts",
  "input/check-labels.ts",
  "input/check-range.ts",
  "input/check-probabilities.ts",
  "input/out-of-unit.ts",
  "input/out-of-steps.ts",
  "sum/add-exactly.ts",
];
const files = folders
  .flatMap((folder) => readdirSync(`${root}src/${folder}`).map((name) => `${folder}/${name}`))
  .concat(OTHERS)
  .filter((file) => values.only === undefined || values.only.split(",").some((part) => file.includes(part)));
if (files.length === 0) refuse(`--only ${values.only} names no file of src/${folders.join(", src/")}.`);
const mutants = files.flatMap(mutantsOf).filter((_, k) => k % Number(values.every) === 0);
const equivalent = JSON.parse(readFileSync(new URL("equivalent-mutants.json", import.meta.url), "utf8"));
const listed = new Set(
  Object.entries(equivalent).flatMap(([line, changes]) =>
    Object.keys(changes).map((change) => `${line}: ${change}`),
  ),
);

let current = null;
/** The test files a run came to the end of. What the run returns holds those of earlier runs too, as they ended then. */
const ended = [];
const vitest = await createVitest(
  "test",
  {
    config: false,
    root,
    watch: false,
    bail: 1,
    include: TESTS.map((folder) => `${folder}/**/*.test.ts`),
    reporters: [{ onTestModuleEnd: (module) => ended.push(module) }],
    maxWorkers: 1,
    isolate: false,
    pool: "forks",
    testTimeout: 20_000,
  },
  {
    logLevel: "silent",
    resolve: CONDITIONS,
    ssr: { resolve: CONDITIONS },
    plugins: [
      {
        name: "mutant",
        enforce: "pre",
        transform: (code, id) => (current !== null && id === current.path ? current.text : code),
      },
    ],
  },
);

const survivors = [];
const killed = { formula: 0, gradient: 0, other: 0 };
const specifications = await vitest.globTestSpecifications();
// Tables, which most mutants do not pass, go first; properties run for the others.
const isTable = ({ moduleId }) => /test\/(golden|reference)\//.test(moduleId);
const stages = [specifications.filter(isTable), specifications.filter((one) => !isTable(one))];
if (await failsWith(null)) throw new Error("The tests fail before anything is broken.");
for (const [k, mutant] of mutants.entries()) {
  // Now and then unbroken: what fails without a mutant would count every one after it as noticed.
  if (k % 25 === 24 && (await failsWith(null)))
    throw new Error(`The tests fail unbroken before mutant ${k}.`);
  if (await failsWith(mutant)) killed[mutant.part]++;
  else {
    // An entry excuses one place: the same line elsewhere is another mutant.
    const isListed = listed.delete(`${mutant.file}: ${mutant.line}: ${mutant.change}`);
    if (!isListed) survivors.push(mutant);
    console.log(
      `${isListed ? "equivalent" : "SURVIVES"}  ${mutant.file}:${mutant.at}  ${mutant.change}   ${mutant.line}`,
    );
  }
  if (k % 50 === 49) console.log(`${k + 1} of ${mutants.length}`);
}
await vitest.close();
const count = Object.values(killed).reduce((a, b) => a + b);
console.log(
  `${mutants.length} broken, ${count} noticed (${killed.formula} in formulas, ${killed.gradient} in gradients, ${killed.other} in what they share), ${survivors.length} not.`,
);
// What is listed and was noticed, or is no longer there, could excuse another mutant one day.
const stale =
  Number(values.every) > 1 ? [] : [...listed].filter((entry) => files.includes(entry.split(": ")[0]));
for (const entry of stale) console.log(`Listed as equivalent, but no mutant that survives: ${entry}`);
process.exit(survivors.length + stale.length > 0 ? 1 : 0);

/** Runs the tests with a mutant in place of its file, until some fail. */
async function failsWith(mutant) {
  for (const one of [current, mutant]) if (one !== null) vitest.invalidateFile(one.path);
  current = mutant;
  for (const stage of stages) {
    // A loop that never ends is noticed too: its process is ended, which is an error.
    const patience = setTimeout(() => spawnSync("pkill", ["-KILL", "-P", String(process.pid)]), 30_000);
    ended.length = 0;
    const { unhandledErrors } = await vitest.runTestSpecifications(stage, true);
    clearTimeout(patience);
    if (unhandledErrors.length > 0 || ended.some((module) => !module.ok())) return true;
    if (ended.length !== stage.length) throw new Error(`${ended.length} of ${stage.length} files were run.`);
  }
  return false;
}

function mutantsOf(file) {
  const path = `${root}src/${file}`;
  const text = readFileSync(path, "utf8");
  const found = [];
  let start = 0;
  let part = "other";
  for (const [k, line] of text.split("\n").entries()) {
    if (FORMULA.test(line)) part = "formula";
    else if (GRADIENT.test(line)) part = "gradient";
    else if (SHARED.test(line)) part = "other";
    for (const [pattern, becomes] of SKIPPED.test(line) ? [] : SWAPS) {
      for (const match of line.matchAll(pattern)) {
        const at = start + match.index;
        found.push({
          file,
          path,
          part,
          at: `${k + 1}:${match.index + 1}`,
          line: line.trim(),
          change: `${match[0].trim()} -> ${becomes.trim() || "nothing"} at ${match.index - line.search(/\S/)}`,
          text: text.slice(0, at) + becomes + text.slice(at + match[0].length),
        });
      }
    }
    start += line.length + 1;
  }
  return found;
}

function readOptions() {
  try {
    const { values: given } = parseArgs({
      options: { only: { type: "string" }, every: { type: "string", default: "1" } },
    });
    if (!(Number(given.every) >= 1)) refuse(`--every takes a number from 1 on, not ${given.every}.`);
    return given;
  } catch (error) {
    return refuse(`${error.message}. There are --only FILES,FOLDERS and --every N.`);
  }
}

/** Ends with 2, and one sentence. */
function refuse(sentence) {
  console.error(sentence);
  return process.exit(2);
}

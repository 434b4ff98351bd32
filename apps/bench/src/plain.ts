import { cpus } from "node:os";
import { ExactSum } from "@lossflow/core";
import { commandLine } from "./command-line.ts";
import { cpuSeconds } from "./contestant.ts";
import { formatTable } from "./format-table.ts";
import { measure, type Measured } from "./measure.ts";
import { NAIVE_LOSSES, naiveParts } from "./plain/naive-losses.ts";
import { plainCases, type PlainCase, type PlainInputs } from "./plain/plain-case.ts";
import { stdlibMean } from "./plain/stdlib-losses.ts";
import { tfjsLosses, type TfjsPass } from "./plain/tfjs-losses.ts";

/*
 * The losses of core in plain TypeScript beside a naive loop, TensorFlow.js on its JavaScript backend and @stdlib:
 * CPU time, contestants in turn.
 */
const values = commandLine(
  "The losses of core in plain TypeScript beside naive loops, TensorFlow.js and @stdlib.",
  {
    numbers: { means: "numbers in a column", default: String(2 ** 16), values: "number" },
    rounds: { means: "rounds in turn", default: "15", values: "number" },
    columns: { means: "float32 or float64", default: "float32", values: ["float32", "float64"] },
    labels: { means: "hard or soft, of losses of probabilities", default: "hard", values: ["hard", "soft"] },
    only: {
      means: "losses by id, or sum, commas between; all if not given",
      default: "",
      values: [...Object.keys(NAIVE_LOSSES), "dice", "tversky", "sum"],
    },
  },
);
const numbers = Number(values.numbers);
const rounds = Number(values.rounds);
const wanted = values.only === "" ? undefined : values.only.split(",");

/** So many numbers between two looks at the clock. */
const REPEATED_NUMBERS = 2 ** 19;

const tfjs = await tfjsLosses();
console.log(
  `${numbers} numbers a pass, ${values.columns}, ${values.labels} labels; ${rounds} rounds in turn; ${cpus()[0]?.model}, Node ${process.version}.`,
);
console.log("ns: CPU nanoseconds a number, median. Losses: unreduced, into an array. Mean: of the batch.\n");
const rows: string[][] = [];
const columns = values.columns as PlainInputs["columns"];
const labels = values.labels as PlainInputs["labels"];
for (const given of plainCases({ numbers, columns, labels })) {
  if (wanted === undefined || wanted.includes(given.id)) rows.push(await measureLoss(given));
}
if (rows.length > 0) console.log(formatTable([head(), ...rows]));
if (wanted === undefined || wanted.includes("sum")) console.log(`\n${await measureSum()}`);

function head(): string[] {
  return ["loss", "core ns", "/ naive", "/ tfjs", "core mean ns", "/ naive", "/ @stdlib", "/ tfjs"];
}

/** One line: the losses themselves, and their mean, each as core has it and over each contestant. */
async function measureLoss(given: PlainCase): Promise<string[]> {
  const { id, loss, rows: count } = given;
  const { prediction, target, variance, classes } = given;
  const out = new Float64Array(count);
  const columns = { prediction, target, rows: count, classes, ...(variance && { variance }) };
  const options = { shape: classes === 1 ? [count] : [count, classes], ...(variance && { variance }) };
  const naive = id === "dice" || id === "tversky" ? null : NAIVE_LOSSES[id];
  // A loss of all elements together has parts of each in the place of losses.
  const { whole = null } = loss;
  const parts = naive === null && whole !== null ? whole.parts.map(() => new Float64Array(count)) : null;
  const peer: TfjsPass | null = tfjs === null ? null : tfjs(given);
  const naiveMean = (): number => {
    if (naive === null) return naiveOverlap(given);
    naive(given, out);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += out[i]!;
    return sum / count;
  };
  const mean = (): unknown => loss.value(prediction, target, options);
  const each = (): unknown =>
    parts === null ? loss.unreduced(columns, out) : whole!.evaluate(columns, parts);
  const naiveEach = (): unknown => (parts === null ? naive!(given, out) : naiveParts(given, parts));
  const cells = [
    ...(await ratios(each, [naiveEach])),
    ...(await ratios(each, [peer && parts === null ? () => peer.losses() : null])).slice(1),
    ...(await ratios(mean, [naiveMean, await stdlibMean(given)])),
    ...(await ratios(mean, [peer && (() => peer.mean())])).slice(1),
  ];
  return [peer === null || peer.isOwn ? id : `${id} *`, ...cells];
}

/**
 * The time of `own`, and that over the time of each other, all in turn. TensorFlow.js has a run of its own: the garbage
 * that it leaves is cleared by other threads while the next is measured.
 */
async function ratios(own: () => unknown, others: readonly ((() => unknown) | null)[]): Promise<string[]> {
  const [first, ...rest] = await timed([own, ...others]);
  return [
    first!.median.toFixed(2),
    ...rest.map((other) => (other === null ? "" : (first!.median / other.median).toFixed(2))),
  ];
}

async function timed(
  contestants: readonly ((() => unknown) | null)[],
): Promise<readonly (Measured | null)[]> {
  const present = contestants.filter((run) => run !== null);
  const repeats = Math.max(1, Math.round(REPEATED_NUMBERS / numbers));
  const measured = await measure(
    present.map((run) => async () => {
      const start = cpuSeconds();
      for (let k = 0; k < repeats; k++) run();
      return { cpuSeconds: cpuSeconds() - start, mean: 0 };
    }),
    numbers * repeats,
    rounds,
  );
  let at = 0;
  return contestants.map((run) => (run === null ? null : measured[at++]!));
}

function naiveOverlap({ id, prediction, target, rows: count }: PlainCase): number {
  let both = 0;
  let p = 0;
  let t = 0;
  for (let i = 0; i < count; i++) {
    both += prediction[i]! * target[i]!;
    p += prediction[i]!;
    t += target[i]!;
  }
  return id === "dice" ? 1 - (2 * both + 1) / (p + t + 1) : 1 - (both + 1) / (0.5 * (p + t) + 1);
}

/** The exact sum against one that rounds at every step. */
async function measureSum(): Promise<string> {
  const losses = Float64Array.from({ length: numbers }, (_, i) => Math.abs(Math.sin(i)) * 3);
  const [exact, naive] = await timed([
    () => {
      const sum = new ExactSum();
      sum.addArray(losses);
      return sum.value();
    },
    () => {
      let sum = 0;
      for (let i = 0; i < losses.length; i++) sum += losses[i]!;
      return sum;
    },
  ]);
  const ratio = (exact!.median / naive!.median).toFixed(2);
  return `ExactSum.addArray: ${exact!.median.toFixed(2)} ns a number, ${ratio} times a naive sum.`;
}

import { RunningLoss } from "@lossflow/core";
import { formatNumber } from "../format/number-text.ts";
import type { LossAdvice, TaskAdvice } from "./advice.ts";

/** An example is easy when its class is given this probability, and hard below a half. */
const EASY = 0.9;
const HARD = 0.5;
/** Below this an example is called wrong with certainty. */
const CERTAIN = 0.01;
/** A class this many times rarer than the most frequent one is rare. */
const RARE = 10;
const GAMMA = 2;

interface ClassTally {
  count: number;
  readonly loss: ReturnType<typeof RunningLoss.create>;
}

/**
 * Weighs the losses of classification by how often each class occurs, how hard the examples are, and how much of the loss
 * and of its gradient the easy ones make up.
 */
export class ClassAdviser {
  readonly #logits: boolean;
  readonly #binary: boolean;
  readonly #classes = new Map<number, ClassTally>();
  readonly #loss = RunningLoss.create({ squares: false });
  #count = 0;
  #right = 0;
  #easy = 0;
  #hard = 0;
  #certain = 0;
  #soft = 0;
  #easyLoss = 0;
  #easyFocal = 0;
  #focal = 0;
  #gradient = 0;
  #easyGradient = 0;

  constructor(binary: boolean, logits: boolean) {
    this.#binary = binary;
    this.#logits = logits;
  }

  /** How many examples have a probability. */
  get count(): number {
    return this.#count;
  }

  /** Adds an example of class `label` whose class was given the probability `p`; `others` are at most this likely. */
  add(label: number, p: number, others: number): void {
    if (Number.isNaN(p)) return;
    const loss = -Math.log(Math.max(p, 1e-300));
    const focal = (1 - p) ** GAMMA * loss;
    const gradient = 1 - p;
    this.#count++;
    if (p > others) this.#right++;
    if (p > EASY) {
      this.#easy++;
      this.#easyLoss += loss;
      this.#easyFocal += focal;
      this.#easyGradient += gradient;
    }
    if (p < HARD) this.#hard++;
    if (p < CERTAIN) this.#certain++;
    this.#focal += focal;
    this.#gradient += gradient;
    RunningLoss.add(this.#loss, loss);
    let tally = this.#classes.get(label);
    if (tally === undefined)
      this.#classes.set(label, (tally = { count: 0, loss: RunningLoss.create({ squares: false }) }));
    tally.count++;
    RunningLoss.add(tally.loss, loss);
  }

  /** Counts a target that is no class but a probability. */
  addSoft(): void {
    this.#soft++;
  }

  advise(): TaskAdvice {
    const counts = [...this.#classes].sort(([a], [b]) => a - b);
    const rarest = counts.reduce((least, one) => (one[1].count < least[1].count ? one : least), counts[0]!);
    const most = Math.max(...counts.map(([, { count }]) => count));
    const imbalance = most / rarest[1].count;
    const { mean, sum } = RunningLoss.value(this.#loss);
    const share = (part: number, of: number): number => (of === 0 ? 0 : part / of);
    const base = -counts.reduce(
      (total, [, { count }]) => total + share(count, this.#count) * Math.log(share(count, this.#count)),
      0,
    );
    const rareLoss = RunningLoss.value(rarest[1].loss);
    const easy = share(this.#easy, this.#count);
    const easyLoss = share(this.#easyLoss, sum);
    const certain = share(this.#certain, this.#count);
    return {
      figures: [
        {
          name: "classes seen",
          value: counts.length,
          meaning: counts
            .slice(0, 10)
            .map(([label, { count }]) => `${label}: ${count}`)
            .join(", "),
        },
        {
          name: "imbalance",
          value: imbalance,
          meaning: `the most frequent class against the rarest, which is ${rarest[0]}`,
        },
        {
          name: "accuracy",
          value: share(this.#right, this.#count),
          meaning: "the likeliest class is the right one",
        },
        {
          name: "cross-entropy",
          value: mean ?? Number.NaN,
          meaning: `${formatNumber(base, 4)} is what always guessing the frequencies gives`,
        },
        {
          name: "loss of the rarest class",
          value: rareLoss.mean ?? Number.NaN,
          meaning: `its examples are ${formatNumber(100 * share(rarest[1].count, this.#count), 3)} % of all and ${formatNumber(100 * share(rareLoss.sum, sum), 3)} % of the loss`,
        },
        { name: "easy examples", value: easy, meaning: `given more than ${EASY}` },
        { name: "loss of the easy", value: easyLoss, meaning: "their share of cross-entropy" },
        {
          name: "gradient of the easy",
          value: share(this.#easyGradient, this.#gradient),
          meaning: "their share of the gradient 1 - p",
        },
        {
          name: `loss of the easy, focal ${GAMMA}`,
          value: share(this.#easyFocal, this.#focal),
          meaning: `their share under focal loss with gamma ${GAMMA}`,
        },
        { name: "hard examples", value: share(this.#hard, this.#count), meaning: `given less than ${HARD}` },
        {
          name: "wrong with certainty",
          value: certain,
          meaning: `given less than ${CERTAIN}: wrong labels, or what the model cannot see`,
        },
      ],
      advice: this.#adviceFrom(
        {
          imbalance,
          rareShare: share(rarest[1].count, this.#count),
          rareMean: rareLoss.mean ?? 0,
          mean: mean ?? 0,
          easy,
          easyLoss,
          certain,
        },
        counts,
      ),
      limits: [
        "Whether examples that are wrong with certainty are wrongly labelled or hard: look at them (eval --top).",
        "Whether the classes will occur as often where the model is used, and what each kind of error costs: weights follow from that, not from the data.",
        "How training with another loss would go: these are predictions of a model that was trained with some loss already.",
        ...(this.#soft > 0
          ? [`${this.#soft} targets are probabilities; they were taken for the likelier class.`]
          : []),
      ],
    };
  }

  #adviceFrom(
    found: {
      imbalance: number;
      rareShare: number;
      rareMean: number;
      mean: number;
      easy: number;
      easyLoss: number;
      certain: number;
    },
    counts: readonly (readonly [number, ClassTally])[],
  ): LossAdvice[] {
    const form = this.#logits ? "_logits" : "";
    const percent = (x: number): string => `${formatNumber(100 * x, 3)} %`;
    const plain: LossAdvice = {
      loss: this.#binary ? `bce${form}` : `scce${form}`,
      params: {},
      why:
        found.imbalance < RARE
          ? `the classes occur equally often${found.imbalance > 1 ? ` within a factor of ${formatNumber(found.imbalance, 3)}` : ""}, and easy examples are ${percent(found.easyLoss)} of the loss: nothing drowns anything.`
          : "it is the likelihood: its probabilities mean what they say, which weights and focal loss give up.",
    };
    const weighted: LossAdvice = this.#binary
      ? {
          loss: `balanced_bce${form}`,
          params: { beta: "batch" },
          why: `the rarer class is ${percent(found.rareShare)} of the examples, with a mean loss of ${formatNumber(found.rareMean, 3)} against ${formatNumber(found.mean, 3)} of all: weigh by how often a class occurs.`,
        }
      : {
          loss: `scce${form}`,
          params: { class_weight: weightsOf(counts) },
          why: `the rarest class is ${percent(found.rareShare)} of the examples, with a mean loss of ${formatNumber(found.rareMean, 3)} against ${formatNumber(found.mean, 3)} of all: weigh by how often a class occurs.`,
        };
    const focal: LossAdvice = {
      loss: this.#binary ? `focal${form}` : "focal_softmax",
      params: { gamma: GAMMA },
      why: `${percent(found.easy)} of the examples are easy and still ${percent(found.easyLoss)} of the loss: focal loss weighs by how hard an example is.`,
    };
    const drowned = found.easy > 0.5 && found.easyLoss > 0.3;
    const neglected = found.imbalance >= RARE && found.rareMean > 2 * found.mean;
    const noisy: LossAdvice[] =
      found.certain > 0.005
        ? [
            {
              loss: plain.loss,
              params: { label_smoothing: 0.1 },
              why: `${percent(found.certain)} of the examples are wrong with certainty; if their labels are wrong, smoothing bounds what they cost, and focal loss would make them rule.`,
            },
          ]
        : [];
    if (neglected && drowned && noisy.length === 0) return [weighted, focal, plain];
    if (neglected) return [weighted, plain, ...noisy];
    if (drowned && noisy.length === 0) return [focal, plain];
    return [plain, ...noisy];
  }
}

/** n / (C n_c), which makes every class count as much; of a class that was not seen, 1. */
function weightsOf(counts: readonly (readonly [number, ClassTally])[]): number[] {
  const total = counts.reduce((sum, [, { count }]) => sum + count, 0);
  const highest = Math.max(...counts.map(([label]) => label));
  const byLabel = new Map(counts);
  return Array.from({ length: highest + 1 }, (_, label) => {
    const count = byLabel.get(label)?.count;
    return count === undefined ? 1 : Number((total / (counts.length * count)).toPrecision(4));
  });
}

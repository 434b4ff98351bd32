/** What each loss costs who imports it alone (`@lossflow/core/plain`) or with all options, and all of core, minified and gzipped. */
import { LOSSES } from "./dist/index.js";
import * as plain from "./dist/plain.js";

/** Of those with all options: weights, masks, arrays in arrays and all denominators take 1.3 kB, and logits are another form. */
const LIMITS = {
  binaryCrossEntropy: "4.2 kB",
  balancedBinaryCrossEntropy: "4.1 kB",
  focal: "5 kB",
  softmaxFocal: "4.85 kB",
  categoricalCrossEntropy: "5.1 kB",
  sparseCategoricalCrossEntropy: "5.5 kB",
  categoricalFocalKeras: "5.05 kB",
  categoricalHinge: "4 kB",
  cosine: "4.05 kB",
  dice: "4.2 kB",
  tversky: "4.2 kB",
  poissonNll: "3.55 kB",
  gaussianNll: "3.55 kB",
  klDivergence: "3.5 kB",
  logLossEps: "3.6 kB",
  generalizedKl: "3.8 kB",
  hinge: "3.55 kB",
  squaredHinge: "3.55 kB",
  meanAbsolutePercentageError: "3.3 kB",
  meanSquaredLogarithmicError: "3.3 kB",
};

const factories = [...new Set(LOSSES.map(({ factory }) => factory))];
const one = (name, path, limit) => ({ name, path, import: `{ ${name.split(" ")[0]} }`, limit, gzip: true });
export default [
  ...Object.keys(plain).map((name) => one(`${name} alone`, "dist/plain.js", "3 kB")),
  ...factories.map((name) => one(name, "dist/index.js", LIMITS[name] ?? "3.3 kB")),
  { name: "all of core", path: "dist/index.js", limit: "20 kB", gzip: true },
];

/** What each loss costs who imports it alone, and all of core, minified and gzipped. */
import { LOSSES } from "./dist/index.js";

/** Those that bring soft-max rows, two forms, conventions, class weights or the sums of a whole along; the others stay below 3 kB. */
const LIMITS = {
  binaryCrossEntropy: "3.75 kB",
  balancedBinaryCrossEntropy: "3.9 kB",
  focal: "4.55 kB",
  softmaxFocal: "4.5 kB",
  categoricalCrossEntropy: "4.65 kB",
  sparseCategoricalCrossEntropy: "5.05 kB",
  categoricalFocalKeras: "4.55 kB",
  categoricalHinge: "3.55 kB",
  cosine: "3.6 kB",
  dice: "3.4 kB",
  tversky: "3.45 kB",
  poissonNll: "3.3 kB",
  gaussianNll: "3.35 kB",
  klDivergence: "3.25 kB",
  logLossEps: "3.3 kB",
  generalizedKl: "3.5 kB",
  hinge: "3.25 kB",
  squaredHinge: "3.25 kB",
};

const factories = [...new Set(LOSSES.map(({ factory }) => factory))];
export default [
  ...factories.map((factory) => ({
    name: factory,
    path: "dist/index.js",
    import: `{ ${factory} }`,
    limit: LIMITS[factory] ?? "3 kB",
    gzip: true,
  })),
  { name: "all of core", path: "dist/index.js", limit: "20 kB", gzip: true },
];

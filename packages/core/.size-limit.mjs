/** What each loss costs who imports it alone, and all of core, minified and gzipped. */
import { LOSSES } from "./dist/index.js";

/** Those that bring soft-max rows, two forms, conventions, class weights or the sums of a whole along; the others stay below 3 kB. */
const LIMITS = {
  binaryCrossEntropy: "3.55 kB",
  balancedBinaryCrossEntropy: "3.65 kB",
  focal: "4.4 kB",
  softmaxFocal: "4.4 kB",
  categoricalCrossEntropy: "4.15 kB",
  sparseCategoricalCrossEntropy: "4.55 kB",
  categoricalFocalKeras: "4.15 kB",
  categoricalHinge: "3.45 kB",
  cosine: "3.55 kB",
  dice: "3.3 kB",
  tversky: "3.3 kB",
  poissonNll: "3.15 kB",
  gaussianNll: "3.2 kB",
  klDivergence: "3.1 kB",
  logLossEps: "3.15 kB",
  generalizedKl: "3.35 kB",
  hinge: "3.1 kB",
  squaredHinge: "3.1 kB",
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

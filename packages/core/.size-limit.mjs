/** What each loss costs who imports it alone, and all of core, minified and gzipped. */
import { LOSSES } from "./dist/index.js";

/** Those that bring soft-max rows, two forms, conventions, class weights or the sums of a whole along; the others stay below 3 kB. */
const LIMITS = {
  binaryCrossEntropy: "3.7 kB",
  balancedBinaryCrossEntropy: "3.85 kB",
  focal: "4.5 kB",
  softmaxFocal: "4.5 kB",
  categoricalCrossEntropy: "4.6 kB",
  sparseCategoricalCrossEntropy: "5 kB",
  categoricalFocalKeras: "4.5 kB",
  categoricalHinge: "3.5 kB",
  cosine: "3.6 kB",
  dice: "3.4 kB",
  tversky: "3.4 kB",
  poissonNll: "3.25 kB",
  gaussianNll: "3.3 kB",
  klDivergence: "3.2 kB",
  logLossEps: "3.25 kB",
  generalizedKl: "3.45 kB",
  hinge: "3.2 kB",
  squaredHinge: "3.2 kB",
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

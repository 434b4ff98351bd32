/** What each loss costs who imports it alone, and all of core, minified and gzipped. */
import { LOSSES } from "./dist/index.js";

/** Those that bring soft-max rows, two forms, conventions, class weights or the sums of a whole along; the others stay below 3 kB. */
const LIMITS = {
  binaryCrossEntropy: "3.8 kB",
  balancedBinaryCrossEntropy: "3.6 kB",
  focal: "3.6 kB",
  softmaxFocal: "3.9 kB",
  categoricalCrossEntropy: "4.3 kB",
  sparseCategoricalCrossEntropy: "4.8 kB",
  categoricalFocalKeras: "4.1 kB",
  categoricalHinge: "3.4 kB",
  cosine: "3.5 kB",
  dice: "3.6 kB",
  tversky: "3.6 kB",
  poissonNll: "3.2 kB",
  gaussianNll: "3.3 kB",
  klDivergence: "3.1 kB",
  logLossEps: "3.2 kB",
  generalizedKl: "3.3 kB",
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

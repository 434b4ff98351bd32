/** What each loss costs who imports it alone, and all of core, minified and gzipped. */
import { LOSSES } from "./dist/index.js";

/** Those that bring soft-max rows, two forms, conventions, class weights or the sums of a whole along; the others stay below 3.2 kB. */
const LIMITS = {
  binaryCrossEntropy: "4.0 kB",
  balancedBinaryCrossEntropy: "3.8 kB",
  focal: "4.7 kB",
  softmaxFocal: "4.7 kB",
  categoricalCrossEntropy: "4.6 kB",
  sparseCategoricalCrossEntropy: "5.0 kB",
  categoricalFocalKeras: "4.4 kB",
  categoricalHinge: "3.6 kB",
  cosine: "3.7 kB",
  dice: "3.8 kB",
  tversky: "3.8 kB",
  poissonNll: "3.4 kB",
  gaussianNll: "3.5 kB",
  klDivergence: "3.3 kB",
  logLossEps: "3.4 kB",
  generalizedKl: "3.5 kB",
};

const factories = [...new Set(LOSSES.map(({ factory }) => factory))];
export default [
  ...factories.map((factory) => ({
    name: factory,
    path: "dist/index.js",
    import: `{ ${factory} }`,
    limit: LIMITS[factory] ?? "3.2 kB",
    gzip: true,
  })),
  { name: "all of core", path: "dist/index.js", limit: "21 kB", gzip: true },
];

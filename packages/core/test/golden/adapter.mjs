/** Golden cases over the built package: `node check.mjs packages/core/test/golden/adapter.mjs DIR`. */
import * as core from "@lossflow/core";
import { evaluatorOver } from "./evaluate-case.mjs";

export const evaluate = evaluatorOver(core);

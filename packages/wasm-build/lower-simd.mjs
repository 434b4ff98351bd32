import binaryen from "assemblyscript/binaryen";
import { LoweredFunction } from "./lowered-function.mjs";

/*
 * Turns a module of 128-bit vectors into one without: each vector becomes two i64, each operation on vectors the same
 * operation on their lanes, in the same order. WebAssembly rounds both alike, so the two modules give the same bits.
 */

/**
 * @param {Uint8Array} binary a module whose functions neither take nor return vectors
 * @returns {Uint8Array} the same module for machines without 128-bit vectors
 */
export function lowerSimd(binary) {
  const module = binaryen.readBinary(binary);
  const functions = Array.from({ length: module.getNumFunctions() }, (_, i) => {
    return binaryen.getFunctionInfo(module.getFunctionByIndex(i));
  });
  for (const info of functions) if (info.module === "") lowerFunction(module, info);
  module.setFeatures(binaryen.Features.All & ~(binaryen.Features.SIMD128 | binaryen.Features.RelaxedSIMD));
  if (!module.validate()) throw new Error("the module without vectors is not valid");
  module.runPasses(PASSES);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/** The optimizer's usual run takes minutes over so many locals; these take a second. */
const PASSES = [
  "optimize-instructions",
  "simplify-locals-nostructure",
  "coalesce-locals",
  "vacuum",
  "simplify-locals-nostructure",
  "reorder-locals",
  "vacuum",
];

function lowerFunction(module, { name, params, results, vars, body }) {
  const given = binaryen.expandType(params);
  const lowering = new LoweredFunction(module, given.length, [...given, ...vars]);
  const lowered = lowering.plain(body);
  module.removeFunction(name);
  module.addFunction(name, params, results, lowering.vars, lowered);
}

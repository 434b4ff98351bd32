#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { rolldown } from "rolldown";

/**
 * Joins the compiled modules of the package in this folder into one file for each entry that has a `node` condition in
 * its manifest, and what they share. Node takes a third to half a millisecond for each module, of which there are
 * hundreds, in every thread anew. Bundlers and browsers get the modules themselves, which they can leave out one by one.
 *
 * Other packages, and what the manifest's `imports` choose by platform, stay outside. Arguments name further entries,
 * such as the script of a worker. One after `--web` is joined into a single file for browsers, `NAME.web.js`: a bundler
 * that makes a classic script of a worker, as Vite does unless it is told otherwise, can put no second file beside it.
 */
const FOLDER = "./dist/bundled/";
const { exports } = JSON.parse(readFileSync("package.json", "utf8"));

const { values, positionals: modules } = parseArgs({
  options: { web: { type: "string", multiple: true, default: [] } },
  allowPositionals: true,
});
for (const { node, default: module } of Object.values(exports)) {
  if (node === undefined) continue;
  if (node !== FOLDER + nameOf(module)) throw new Error(`${node} is to be ${FOLDER}${nameOf(module)}.`);
  modules.push(module);
}

const external = (id) => !/^[./]/.test(id);
const bundle = await rolldown({
  input: Object.fromEntries(modules.map((module) => [nameOf(module).replace(/\.js$/, ""), module])),
  platform: "node",
  external,
});
await rm(FOLDER, { recursive: true, force: true });
await bundle.write({
  dir: FOLDER,
  comments: false,
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
});
for (const module of values.web) {
  const single = await rolldown({ input: module, platform: "browser", external });
  const file = FOLDER + nameOf(module).replace(/\.js$/, ".web.js");
  await single.write({ file, comments: false, codeSplitting: false });
}

function nameOf(module) {
  return module.slice(module.lastIndexOf("/") + 1);
}

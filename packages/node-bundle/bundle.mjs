#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { rolldown } from "rolldown";

/**
 * Joins the compiled modules of the package in this folder into one file for each entry that has a `node` condition in
 * its manifest, and what they share. Node takes a third to half a millisecond for each module, of which there are
 * hundreds, in every thread anew. Bundlers and browsers get the modules themselves, which they can leave out one by one.
 *
 * Other packages, and what the manifest's `imports` choose by platform, stay outside. Arguments name further entries,
 * such as the script of a worker.
 */
const FOLDER = "./dist/bundled/";
const { exports } = JSON.parse(readFileSync("package.json", "utf8"));

const modules = process.argv.slice(2);
for (const { node, default: module } of Object.values(exports)) {
  if (node === undefined) continue;
  if (node !== FOLDER + nameOf(module)) throw new Error(`${node} is to be ${FOLDER}${nameOf(module)}.`);
  modules.push(module);
}

const bundle = await rolldown({
  input: Object.fromEntries(modules.map((module) => [nameOf(module).replace(/\.js$/, ""), module])),
  platform: "node",
  external: (id) => !/^[./]/.test(id),
});
await rm(FOLDER, { recursive: true, force: true });
await bundle.write({
  dir: FOLDER,
  comments: false,
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
});

function nameOf(module) {
  return module.slice(module.lastIndexOf("/") + 1);
}

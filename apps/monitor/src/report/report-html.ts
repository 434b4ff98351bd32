import { createHash } from "node:crypto";
import { LossflowError } from "@lossflow/core";
import type { PageFile } from "../server/page-files.ts";

/**
 * Puts the page and an exported board into one HTML file that needs nothing else: no server, no network.
 *
 * Its own script and style are named by their hashes, so nothing that a log holds can run; the data, `packed` in base64,
 * is no script to begin with. It may ask for nothing and load nothing.
 */
export function reportHtml(packed: string, files: ReadonlyMap<string, PageFile>): string {
  // An end tag within a script would end it; within a string or a pattern the backslash means nothing.
  const script = textOf(files, "/page.js").replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const style = textOf(files, "/page.css").replaceAll("</style", "<\\/style");
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src blob: data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Lossflow report</title>
<style>${style}</style>
</head>
<body>
<noscript>This page draws with JavaScript: allow it here.</noscript>
<div id="app"></div>
<script type="application/octet-stream" id="lossflow-report">${packed}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

function textOf(files: ReadonlyMap<string, PageFile>, path: string): string {
  const file = files.get(path);
  if (file !== undefined) return file.bytes.toString("utf8");
  throw new LossflowError(
    "LF_PAGE_MISSING",
    `The web page lacks ${path}: install lossflow again, or build it (npm test does).`,
  );
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

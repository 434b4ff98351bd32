import type { FormatChoice } from "@lossflow/logs";
import { gzipSync } from "node:zlib";
import type { Context } from "../cli/context.ts";
import { EXIT, mostSeriousExit } from "../cli/exit-code.ts";
import { type ReadRun, readRuns } from "../cli/read-runs.ts";
import { say } from "../cli/say.ts";
import { UsageError } from "../cli/usage-error.ts";
import { mainMetric } from "../compute/main-metric.ts";
import { openOutputFile } from "../export/output.ts";
import { toJson } from "../format/json-text.ts";
import { formatNameList } from "../format/name-list.ts";
import { exportBoard } from "../plot/exported-board.ts";
import { type BoardRun, RunBoard } from "../plot/run-board.ts";
import { chartScene } from "../report/chart-scene.ts";
import { pngFromScene } from "../report/png-from-scene.ts";
import { svgFromScene } from "../report/svg-from-scene.ts";
import { reportHtml } from "../report/report-html.ts";
import { readPageFiles } from "../server/page-files.ts";

/** Flags of `lossflow report`. */
export interface ReportOptions {
  readonly out?: string;
  readonly metric?: string;
  readonly format?: FormatChoice;
}

/** Reads sources to their ends and writes what they hold as one HTML file, or one metric of them as an SVG or PNG picture. */
export async function runReport(
  context: Context,
  sources: readonly string[],
  options: ReportOptions,
): Promise<number> {
  const out = options.out ?? "lossflow-report.html";
  const kind = /\.(?<kind>html?|svg|png)$/i.exec(out)?.groups?.["kind"]?.toLowerCase();
  if (kind === undefined)
    throw new UsageError(`--out takes a file that ends in .html, .svg or .png, not ${out}.`);
  const isPicture = kind === "svg" || kind === "png";
  if (!isPicture && options.metric !== undefined)
    throw new UsageError(
      "--metric chooses the chart of a picture: give --out a file that ends in .svg or .png.",
    );
  const runs: BoardRun[] = [];
  const exitCode = await readRuns(context, sources, { format: options.format, plots: true }, (read) => {
    runs.push(boardRunFrom(read));
  });
  if (runs.length === 0) return mostSeriousExit([exitCode, EXIT.data]);
  const now = Date.now();
  const content = isPicture
    ? pictureOf(runs, metricOf(runs, options.metric), kind)
    : reportHtml(
        gzipSync(toJson(exportBoard(new RunBoard(() => runs), now))).toString("base64"),
        readPageFiles(),
      );
  const output = openOutputFile(out);
  try {
    output.write(Buffer.from(content));
    output.commit();
  } catch (error) {
    output.discard();
    throw error;
  }
  say(context, `Wrote ${out}.`);
  return exitCode;
}

function pictureOf(runs: readonly BoardRun[], metric: string, kind: "svg" | "png"): string | Buffer {
  const scene = chartScene(runs, metric);
  return kind === "svg" ? svgFromScene(scene) : pngFromScene(scene);
}

function boardRunFrom({ run, fold, reading, plots }: ReadRun): BoardRun {
  const { format, lines } = reading;
  return {
    name: run.name,
    source: run.source,
    state: "ended",
    lastByte: null,
    format,
    lines,
    fold,
    plots: plots!,
  };
}

function metricOf(runs: readonly BoardRun[], asked: string | undefined): string {
  const names = [...new Set(runs.flatMap(({ fold }) => fold.metrics.map(({ name }) => name)))];
  const metric = asked ?? mainMetric(names) ?? names[0]!;
  if (names.includes(metric)) return metric;
  throw new UsageError(
    `There is no metric ${metric}; there are ${formatNameList(names, "and")}.`,
    metric,
    names,
  );
}

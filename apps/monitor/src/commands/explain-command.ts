import { LossflowError } from "@lossflow/core";
import { formats, openReader, RunTrack, type FormatChoice } from "@lossflow/logs";
import { binaryError, emptyError, type Run } from "@lossflow/logs/node";
import type { Context } from "../cli/context.ts";
import { endInputOnStop } from "../cli/end-input-on-stop.ts";
import { EXIT, mostSeriousExit } from "../cli/exit-code.ts";
import { findRuns } from "../cli/find-runs.ts";
import { say } from "../cli/say.ts";
import type { Explanation } from "../compute/explanation.ts";
import { RunFold } from "../compute/run-fold.ts";
import { formatExplanation } from "../format/explain-text.ts";
import { toJson } from "../format/json-text.ts";
import { styleFor } from "../format/style.ts";

/** Flags of `lossflow explain`. */
export interface ExplainOptions {
  readonly json?: boolean;
  readonly format?: FormatChoice;
}

/** Says of each file of each run which reader matched it, how sure, and which lines were not read. */
export async function runExplain(
  context: Context,
  sources: readonly string[],
  options: ExplainOptions,
): Promise<number> {
  const { stdout } = context;
  endInputOnStop(context, sources);
  const { runs, refusals } = findRuns(sources, context.copied);
  const codes: number[] = refusals.map(() => EXIT.data);
  for (const { error } of refusals) say(context, error.message);
  const explanations: Explanation[] = [];
  for (const run of runs) {
    const { files, bytes } = await explainRun(context, run, options.format);
    explanations.push(...files);
    if (files.some(({ metrics }) => metrics.length > 0)) continue;
    say(context, whyNoMetric(run.source, files, bytes));
    codes.push(EXIT.data);
  }
  const style = styleFor(stdout, context.env);
  if (explanations.length > 0) {
    stdout.write(
      options.json === true
        ? `${toJson({ version: 1, files: explanations })}\n`
        : explanations.map((explanation) => formatExplanation(explanation, style)).join("\n"),
    );
  }
  return mostSeriousExit(codes);
}

async function explainRun(
  context: Context,
  run: Run,
  format: FormatChoice | undefined,
): Promise<{ readonly files: readonly Explanation[]; readonly bytes: number }> {
  const files: Explanation[] = [];
  let bytes = 0;
  const fold = new RunFold();
  const track = new RunTrack(fold);
  for (const path of run.paths) {
    const before = fold.metrics.map((metric) => metric.count);
    const reader = openReader({
      name: path,
      sink: fold,
      track,
      ...(run.part === undefined ? {} : { part: run.part }),
      ...(format === undefined ? {} : { format }),
    });
    for await (const chunk of chunksOf(context, path)) {
      reader.write(chunk);
      bytes += chunk.length;
    }
    reader.end();
    files.push({
      run: run.name,
      source: run.source,
      file: path,
      format: reader.format,
      title: formats.find((entry) => entry.id === reader.format)?.title ?? null,
      confidence: reader.confidence,
      candidates: reader.candidates,
      lines: reader.lines,
      segments: reader.segments,
      metrics: fold.metrics
        .map(({ name, count }, i) => ({ name, count: count - (before[i] ?? 0) }))
        .filter(({ count }) => count > 0),
      ignored: reader.ignoredSamples,
    });
  }
  return { files, bytes };
}

function whyNoMetric(source: string, files: readonly Explanation[], bytes: number): string {
  if (bytes === 0) return emptyError(source).message;
  if (files.every(({ format }) => format === null)) return binaryError(source).message;
  return `No metric was found in ${source}.`;
}

async function* chunksOf(context: Context, path: string): AsyncGenerator<Uint8Array> {
  const { createReadStream } = await import("node:fs");
  try {
    for await (const chunk of path === "-" ? context.stdin : createReadStream(path)) {
      context.signal.throwIfAborted();
      yield chunk as Uint8Array;
    }
  } catch (error) {
    if (!(error instanceof Error) || !("errno" in error)) throw error;
    throw new LossflowError(
      "LF_SOURCE_UNREADABLE",
      `${path} cannot be read: ${error.message}.`,
      { path },
      { cause: error },
    );
  }
}

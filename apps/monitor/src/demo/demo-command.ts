import { join } from "node:path";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { STOP_SIGNALS, stopReasonFrom } from "../cli/stop-reason.ts";
import { toJson } from "../format/json-text.ts";
import { formatCount } from "../format/number-text.ts";
import { styleFor } from "../format/style.ts";
import { computeFindings } from "./demo-findings.ts";
import { makeDemoFolder } from "./demo-folder.ts";
import { planDemo } from "./demo-plan.ts";
import { DemoProgress } from "./demo-progress.ts";
import { formatDemoTables } from "./demo-tables.ts";
import { computeResults } from "./compute-results.ts";
import { followTraining } from "./follow-training.ts";
import { ownCommand, quotePath } from "./own-command.ts";
import { scoreDemo } from "./score-demo.ts";
import { startTraining } from "./start-training.ts";
import { LOG_FILE, PREDICTIONS_FILE, readWeather } from "./train-demo.ts";
import { wrapText } from "./wrap-text.ts";

/** Flags of `lossflow demo`. */
export interface DemoOptions {
  /** A folder that is new or empty; a fresh one for temporary files if not given. */
  readonly out?: string;
  /** What decides the days with faults, the first weights and the order of the rows; 1 if not given. */
  readonly seed?: number;
  readonly json?: boolean;
}

/** Enough for every model to settle, and some six seconds for all of them. */
const EPOCHS = 200;
/** Typed in the live view it comes as a key and not as a signal; it means the same. */
const CTRL_C = new Map(STOP_SIGNALS).get("SIGINT")!;

/**
 * Trains small models on real data in a worker thread, follows their logs as any other's, then scores their
 * predictions with the engine and says what the figures show. Gives the exit code.
 */
export async function runDemo(context: Context, options: DemoOptions = {}): Promise<number> {
  const { stdout } = context;
  const json = options.json === true;
  const say = (line: string): void => void (json || stdout.write(`${line}\n`));
  const days = readWeather();
  const job = { folder: makeDemoFolder(options.out), seed: options.seed ?? 1, epochs: EPOCHS };
  const plans = planDemo(days, job.seed);
  const progress = new DemoProgress(plans, job.epochs);

  say(
    `Training ${plans.length} small models on ${formatCount(days.length)} days of Seattle's weather (NOAA, 2012 to 2015),`,
  );
  say(`and following their logs in ${job.folder}.`);
  const onScreen = stdout.isTTY && !json;
  if (!onScreen) say(progress.heading());
  const end = await followTraining(context, {
    training: startTraining(job),
    logs: plans.map((plan) => join(job.folder, plan.name, LOG_FILE)),
    progress,
    onScreen,
    print: say,
  });
  const command = ownCommand(context.env);
  const folder = quotePath(job.folder);
  if (end === "interrupted") return stopReasonFrom(context.signal)?.exitCode ?? CTRL_C;
  if (end === "left") {
    say("Stopped. What was logged until now stays; to read it:");
    say(`  ${command} summary ${folder}`);
    return EXIT.fine;
  }

  const results = computeResults(days, await scoreDemo(plans, job.folder));
  const findings = computeFindings(results);
  if (json) {
    stdout.write(`${toJson({ version: 1, ...job, ...results, findings })}\n`);
    return EXIT.fine;
  }
  const columns = stdout.isTTY ? stdout.columns : 100;
  say("");
  for (const line of formatDemoTables(results, styleFor(stdout, context.env))) say(line);
  say("");
  for (const finding of findings) {
    wrapText(finding, columns - 2).forEach((line, k) => say(`${k === 0 ? "-" : " "} ${line}`));
  }
  say("");
  const checked =
    `Checked for each model: the means that the engine forms of ${PREDICTIONS_FILE} are the last ones in ${LOG_FILE} ` +
    "to the last bit, and core's own to a rounding.";
  for (const line of wrapText(checked, columns)) say(line);
  say("");
  say(`To look further:`);
  say(`  ${command} summary ${folder}`);
  say(
    `  ${command} eval ${quotePath(join(job.folder, "snow-focal", PREDICTIONS_FILE))} --loss bce_logits --target target --prediction prediction --top 3`,
  );
  return EXIT.fine;
}

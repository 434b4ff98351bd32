import type { Command } from "commander";
import type { DemoOptions } from "../demo/demo-command.ts";
import type { PublishOptions } from "../commands/publish-command.ts";
import type { WorkerCommandOptions } from "../commands/worker-command.ts";
import { choiceOf, nameOf, wholeNumberOf } from "./option-values.ts";
import type { Context } from "./context.ts";

/** Declares the commands of several machines, and the demo. */
export function declareOtherCommands(
  program: Command,
  context: Context,
  finish: (exitCode: number) => void,
): void {
  program
    .command("worker")
    .summary("work on the jobs of a cluster")
    .description("Folds the chunks of jobs that `lossflow eval --nats` submits, until it is ended.")
    .requiredOption("--nats <address>", "the servers: nats://host:4222, or several parted by commas")
    .option("--workers <n>", "worker threads", wholeNumberOf("--workers", 0))
    .option(
      "--engine <name>",
      "auto, js or wasm-simd (default: auto); a job is for one engine",
      choiceOf("--engine", ["auto", "js", "wasm-simd"]),
    )
    .option("--replicas <n>", "copies in a cluster (default: 1)", wholeNumberOf("--replicas", 1))
    .option(
      "--cancel <job>",
      "instead of working, take away the job that eval --job named, for its submitter and all workers",
      nameOf("--cancel"),
    )
    .action(async (options: WorkerCommandOptions) => {
      const { runWorkerCommand } = await import("../commands/worker-command.ts");
      finish(await runWorkerCommand(context, options));
    });

  program
    .command("publish")
    .summary("publish a log while it grows, for watchers elsewhere")
    .description("Publishes a log while it grows, for `lossflow watch nats://host:4222` elsewhere.")
    .argument("<file>", "a log, or - for standard input")
    .requiredOption("--nats <address>", "the servers: nats://host:4222, or several parted by commas")
    .option("--run <name>", "the name of the run (default: that of the file)")
    .option("--once", "publish what is there and end")
    .option("--replicas <n>", "copies in a cluster (default: 1)", wholeNumberOf("--replicas", 1))
    .action(async (file: string, options: PublishOptions) => {
      const { runPublish } = await import("../commands/publish-command.ts");
      finish(await runPublish(context, file, options));
    });

  program
    .command("demo")
    .summary("train small real models and watch them")
    .description("Trains small real models with these losses and gradients, and watches them.")
    .option("--out <folder>", "a new or empty folder for the logs (default: a fresh one for temporary files)")
    .option("--seed <n>", "what the random numbers start from (default: 1)", wholeNumberOf("--seed", 0))
    .option("--json", "print one JSON object at the end")
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import("../demo/demo-command.ts");
      finish(await runDemo(context, options));
    });
}

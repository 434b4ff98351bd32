import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LossflowError } from "@lossflow/core";
import type { LogPublisher } from "@lossflow/jetstream";
import type { Context } from "../cli/context.ts";
import { endInputOnStop } from "../cli/end-input-on-stop.ts";
import { EXIT } from "../cli/exit-code.ts";
import { say } from "../cli/say.ts";
import { UsageError } from "../cli/usage-error.ts";

/** Flags of `lossflow publish`. */
export interface PublishOptions {
  readonly nats: string;
  readonly run?: string;
  readonly once?: boolean;
  readonly replicas?: number;
}

const POLL = 50;

/**
 * Publishes a log while it grows, or what comes on standard input until it ends. A file that was published before is gone
 * on with where it was left; one that was rewritten begins anew.
 * @throws LF_NATS_*, LF_RUN_TAKEN, LF_SOURCE_*
 */
export async function runPublish(context: Context, file: string, options: PublishOptions): Promise<number> {
  const { connectNats, LogPublisher, natsAddressFromText } = await import("@lossflow/jetstream");
  const address = natsAddressFromText(options.nats);
  if (address.run !== undefined && options.run !== undefined)
    throw new UsageError("The run is named twice, in the address and by --run; name it once.");
  const run = options.run ?? address.run ?? (file === "-" ? undefined : basename(file));
  if (run === undefined || run === "") throw new UsageError("The run has no name; give it one with --run.");
  const tell = (sentence: string): void => say(context, sentence);
  await using nats = await connectNats({ ...address, name: "lossflow publish", patience: Infinity, tell });
  const publisher = await LogPublisher.open({
    nats,
    run,
    // One name for whatever is published of a run, so that a second publisher of it is noticed.
    file: "log",
    ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
  });
  if (file === "-") await publishInput(context, publisher);
  else await publishFile(context, publisher, file, options.once === true);
  return EXIT.fine;
}

/** After a signal what was read is still sent, as is what stands in line. */
async function publishInput(context: Context, publisher: LogPublisher): Promise<void> {
  endInputOnStop(context, ["-"]);
  // Another process begins another log, whatever an earlier one of the same name left.
  if (publisher.offset > 0) publisher.restart();
  try {
    for await (const chunk of context.stdin) {
      publisher.write(chunk as Uint8Array);
      await publisher.room();
    }
  } finally {
    await publisher.end();
  }
}

function sourceMissing(file: string): LossflowError {
  return new LossflowError("LF_SOURCE_MISSING", `There is no ${file}: check the path.`, { path: file });
}

async function publishFile(
  context: Context,
  publisher: LogPublisher,
  file: string,
  once: boolean,
): Promise<void> {
  const { DescriptorBudget, FileFollower, positionIn } = await import("@lossflow/logs/node");
  const from = publisher.offset === 0 ? null : positionIn(file, publisher.offset);
  const same = from !== null && publisher.begins(Buffer.from(from.head, "base64"));
  if (publisher.offset > 0 && !same) publisher.restart();
  let waiting = false;
  const follower = new FileFollower(
    file,
    {
      bytes(chunk) {
        publisher.write(chunk);
        return publisher.room();
      },
      rewritten: () => publisher.restart(),
      rotated: () => undefined,
      late: (chunk) => publisher.write(chunk),
      retired: () => undefined,
      found: () => (waiting = false),
      missing: () => {
        if (!waiting && !once) say(context, `${file} is not there; waiting for it.`);
        waiting = true;
      },
      unreadable: (error) => {
        if (!waiting) say(context, `${file} cannot be read just now; trying again (${String(error)}).`);
        waiting = true;
      },
    },
    new DescriptorBudget(),
    same ? from : undefined,
  );
  try {
    while (!context.signal.aborted) {
      await follower.poll(context.signal);
      publisher.check();
      if (once && waiting) throw sourceMissing(file);
      if (once) break;
      await sleep(POLL, undefined, { signal: context.signal }).catch(() => undefined);
    }
  } finally {
    await follower.release();
    if (once) await publisher.end();
    else await publisher.flush();
  }
}

import { EXIT } from "./exit-code.ts";
import { say } from "./say.ts";
import { STOP_SIGNALS, type StopReason } from "./stop-reason.ts";

/** What a command may touch of the outside world. */
export interface Context {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Aborts with a {@link StopReason}: at the first SIGINT or SIGTERM, or when standard output takes no more. */
  readonly signal: AbortSignal;
  /** What sources and runs are called, where their files are copies of logs that are elsewhere. */
  readonly copied?: CopiedLogs;
}

/** Copies of logs, and what they are copies of. */
export interface CopiedLogs {
  /** The source that a folder of copies stands for; other sources as they are. */
  sourceOf(source: string): string;
  /** The name of the run that files are copies of; undefined for other files. */
  runOf(paths: readonly string[]): string | undefined;
}

/** Milliseconds a command gets to end in good order after a signal, before the process is ended. */
const GRACE = 5_000;

/**
 * Wires this process: the first signal asks the command to end, a second one (or five seconds) ends it.
 * A reader that has left (`| head`) ends the output quietly; an output that cannot be written to is said once.
 */
export function contextFromProcess(): Context {
  const stop = new AbortController();
  const abort = (reason: StopReason): void => stop.abort(reason);

  for (const [name, exitCode] of STOP_SIGNALS) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(exitCode);
      abort({ kind: "signal", exitCode });
      setTimeout(() => process.exit(exitCode), GRACE).unref();
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") {
        abort({ kind: "closed", exitCode: EXIT.fine });
      } else if (process.exitCode !== EXIT.internal) {
        // The command may have ended by now: what it wrote fails later.
        process.exitCode = EXIT.internal;
        if (stream === process.stdout)
          say(process, `standard output cannot be written to: ${error.message}.`);
        abort({ kind: "unwritable", exitCode: EXIT.internal });
      }
    });
  }
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: stop.signal,
  };
}

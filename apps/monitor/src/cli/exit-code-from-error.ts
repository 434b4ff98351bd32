import { EXIT } from "./exit-code.ts";

/** Coded errors that blame the command line rather than the data. */
const USAGE: ReadonlySet<string> = new Set([
  "LF_USAGE",
  "LF_UNKNOWN_LOSS",
  "LF_FORMAT_UNKNOWN",
  "LF_UNKNOWN_COLUMN",
  "LF_UNKNOWN_METRIC",
  "LF_UNKNOWN_JOB",
  "LF_BAD_PARAMETER",
  "LF_BAD_OPTION",
  "LF_BAD_GROUP",
  "LF_REDUCTION",
  "LF_NOT_DECOMPOSABLE",
  "LF_CHECKPOINT_DIFFERS",
  "LF_CHECKPOINT_UNWRITABLE",
]);

/** Coded errors that are nobody's data: a worker that could not do its work. */
const INTERNAL: ReadonlySet<string> = new Set(["LF_INTERNAL", "LF_POOL_CLOSED"]);

/** Maps a failure to its exit code: 2 for the command line, 30 for the data, 1 for whatever was not foreseen. */
export function exitCodeFromError(error: unknown): number {
  const code =
    typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
      ? error.code
      : "";
  if (USAGE.has(code)) return EXIT.usage;
  if (INTERNAL.has(code) || code.startsWith("LF_WORKER")) return EXIT.internal;
  return code.startsWith("LF_") ? EXIT.data : EXIT.internal;
}

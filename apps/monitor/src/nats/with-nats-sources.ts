import { readdirSync } from "node:fs";
import type { Context, CopiedLogs } from "../cli/context.ts";
import type { Mirror } from "./mirror-logs.ts";

/** Whether a source is the address of a NATS server; told without loading the client. */
export function isNatsSource(source: string): boolean {
  return /^(?:nats|tls):\/\//.test(source);
}

/**
 * Runs a command whose sources may be logs published on NATS: it is given folders that hold copies of them, and shows
 * them under the addresses that were given.
 */
export async function withNatsSources(
  context: Context,
  sources: readonly string[],
  live: boolean,
  command: (context: Context, sources: readonly string[]) => Promise<number>,
): Promise<number> {
  if (!sources.some(isNatsSource)) return command(context, sources);
  const [{ mirrorLogs }, { LossflowError }] = await Promise.all([
    import("./mirror-logs.ts"),
    import("@lossflow/core"),
  ]);
  const failed = new AbortController();
  const failures: unknown[] = [];
  const opened = await Promise.allSettled(
    sources.map(async (source) => (isNatsSource(source) ? mirrorLogs(context, source, live) : undefined)),
  );
  const mirrors = opened.map((result) => (result.status === "fulfilled" ? result.value : undefined));
  try {
    for (const result of opened) if (result.status === "rejected") throw result.reason;
    for (const mirror of mirrors) {
      await mirror?.caughtUp;
      if (mirror !== undefined && !live && readdirSync(mirror.folder).length === 0) {
        throw new LossflowError(
          "LF_SOURCE_EMPTY",
          `No log is published at ${mirror.source}; \`lossflow publish FILE --nats ADDRESS\` publishes one.`,
        );
      }
      mirror?.done.catch((error: unknown) => {
        failures.push(error);
        failed.abort({ kind: "closed", exitCode: 0 });
      });
    }
    const exitCode = await command(
      {
        ...context,
        signal: AbortSignal.any([context.signal, failed.signal]),
        copied: copiedLogs(mirrors),
      },
      sources.map((source, i) => mirrors[i]?.folder ?? source),
    );
    if (failures.length > 0) throw failures[0];
    return exitCode;
  } finally {
    await Promise.all(mirrors.map(async (mirror) => mirror?.close()));
  }
}

function copiedLogs(mirrors: readonly (Mirror | undefined)[]): CopiedLogs {
  const sources = new Map(mirrors.map((mirror) => [mirror?.folder, mirror?.source]));
  const runs = (path: string): string | undefined =>
    mirrors.map((mirror) => mirror?.runs.get(path)).find((run) => run !== undefined);
  return {
    sourceOf: (source) => sources.get(source) ?? source,
    runOf(paths) {
      const names = new Set(paths.map(runs));
      return names.size === 1 ? [...names][0] : undefined;
    },
  };
}

import { DiscardPolicy, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import type { Nats } from "./connect.ts";
import { retrying } from "./retrying.ts";
import { textFromToken, tokenFromText } from "./subject-token.ts";

/** The stream of all published logs. */
export const LOG_STREAM = "lossflow-logs";
const PREFIX = "lossflow.log";
const DAY = 24 * 3600 * 1e9;

/** What the stream of logs may take. */
export interface LogStreamLimits {
  readonly replicas: number;
  readonly maxBytes: number;
}

/**
 * Makes the stream of logs, or finds it as it is. When it is full the oldest pieces go: training is never held up, and a
 * reader sees by the offsets what is gone and says so.
 */
export async function createLogStream(
  nats: Nats,
  { replicas, maxBytes }: LogStreamLimits,
  signal: AbortSignal,
): Promise<void> {
  const found = await nats.manager.streams.info(LOG_STREAM).catch(() => undefined);
  if (found !== undefined) return;
  await retrying(
    nats,
    `Making the stream ${LOG_STREAM}`,
    () =>
      nats.manager.streams.add({
        name: LOG_STREAM,
        description: "Lossflow: the bytes of training logs, by run and file",
        subjects: [`${PREFIX}.>`],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        discard: DiscardPolicy.Old,
        num_replicas: replicas,
        max_bytes: maxBytes,
        max_age: 7 * DAY,
        allow_direct: true,
      }),
    signal,
  );
}

/** The subject of a run's file; the names may hold anything. */
export function logSubject(run: string, file: string): string {
  return `${PREFIX}.${tokenFromText(run)}.${tokenFromText(file)}`;
}

/** The subjects of one run's files, or of all runs'. */
export function logFilter(run: string | undefined): string {
  return run === undefined ? `${PREFIX}.>` : `${PREFIX}.${tokenFromText(run)}.*`;
}

/** The run and file of a subject. */
export function namesOfSubject(subject: string): { readonly run: string; readonly file: string } {
  const [run = "_", file = "_"] = subject.slice(PREFIX.length + 1).split(".");
  return { run: textFromToken(run), file: textFromToken(file) };
}

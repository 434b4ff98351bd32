import { LossflowError } from "@lossflow/core";
import type { QuarantinedRows } from "../job/snapshot.ts";

/** How far a job was, and what it knew: all that is needed to go on to the same bits. */
export interface Checkpoint {
  /** The job as JSON; another job's checkpoint is refused. */
  readonly plan: string;
  /** How many sources the job has. */
  readonly sourceCount: number;
  /** Those that it had come to, in order. */
  readonly sources: readonly CheckpointedSource[];
  /** Rows of all sources that `state` holds, and of the last of `sources`. */
  readonly rows: number;
  readonly rowsInSource: number;
  readonly quarantined: readonly QuarantinedRows[];
  readonly state: Uint8Array;
}

export interface CheckpointedSource {
  readonly name: string;
  /** Its first row, counted over all sources. */
  readonly firstRow: number;
  readonly print: SourcePrint;
}

/** By what a source is known again. */
export interface SourcePrint {
  readonly bytes: number;
  readonly digest: string;
}

const MAGIC = "LFCP";
const VERSION = 1;
const HEAD = 12;

/** Writes a checkpoint: "LFCP", uint32 version, uint32 length of a JSON head, the head, the state. Not sealed yet. */
export function bytesFromCheckpoint({ state, ...head }: Checkpoint): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array(HEAD + text.length + state.length);
  bytes.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(bytes.buffer);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, text.length, true);
  bytes.set(text, HEAD);
  bytes.set(state, HEAD + text.length);
  return bytes;
}

/** Whether bytes begin as a checkpoint does; whatever does not is somebody's file and is left alone. */
export function isCheckpoint(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** Reads what {@link bytesFromCheckpoint} wrote and a seal vouches for. @throws LF_CHECKPOINT_VERSION */
export function checkpointFromBytes(bytes: Uint8Array): Checkpoint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(4, true);
  if (version !== VERSION) {
    throw new LossflowError(
      "LF_CHECKPOINT_VERSION",
      `The checkpoint has version ${version}, and ${VERSION} is understood.`,
    );
  }
  const end = HEAD + view.getUint32(8, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD, end))) as Omit<Checkpoint, "state">;
  // A state is read as numbers of 8 bytes, where it stands.
  return { ...head, state: new Uint8Array(bytes.subarray(end)) };
}

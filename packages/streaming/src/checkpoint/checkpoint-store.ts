/** Where the checkpoints of a job are kept; the last one that was written whole is never lost. */
export interface CheckpointStore {
  /** What refusals call it. */
  readonly name: string;
  /** What to delete to begin anew: all that `load` found, by the names that a user knows. */
  readonly found: readonly string[];
  /**
   * Gives the newest whole checkpoint, null where there is none.
   * @throws LF_CHECKPOINT_DAMAGED where there are some and none is whole; LF_CHECKPOINT_UNKNOWN for another's file;
   *   LF_CHECKPOINT_UNWRITABLE where none could be kept.
   */
  load(): Promise<Uint8Array | null>;
  /** @throws LF_CHECKPOINT_UNWRITABLE; the checkpoint before is then still there. */
  save(bytes: Uint8Array): Promise<void>;
  /** Takes all checkpoints of the job away. */
  clear(): Promise<void>;
}

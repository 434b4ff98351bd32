/** What belongs to one job on the servers. Its key is a token already. */
export interface JobNames {
  /** Stream of its chunks, and the subject of one. */
  readonly chunks: string;
  readonly chunkSubject: (partition: number, chunk: number) => string;
  readonly allChunks: string;
  /** The subjects of a partition's chunks, and of all. */
  readonly partition: (partition: number) => string;
  /** Stream of its partial results, the subject of one, of all. */
  readonly parts: string;
  readonly partSubject: (chunk: number) => string;
  readonly allParts: string;
  /** Bucket of its partitions' states. */
  readonly states: string;
}

/** Names streams, subjects and buckets of a job; all begin with `lossflow`. */
export function jobNames(key: string): JobNames {
  const subject = `lossflow.job.${key}`;
  return {
    chunks: `lossflow-${key}-chunks`,
    chunkSubject: (partition, chunk) => `${subject}.chunk.${partition}.${chunk}`,
    allChunks: `${subject}.chunk.>`,
    partition: (partition) => `${subject}.chunk.${partition}.>`,
    parts: `lossflow-${key}-parts`,
    partSubject: (chunk) => `${subject}.part.${chunk}`,
    allParts: `${subject}.part.>`,
    states: `lossflow-${key}-states`,
  };
}

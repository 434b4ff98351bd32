import type { Segment } from "../source/table-source.ts";
import type { Halt } from "./halt.ts";
import type { TaskBatcher } from "./task-batcher.ts";

/** A source that gives nothing for this many milliseconds has what it gave folded, small as it may be. */
const PATIENCE = 20;
/** So has one whose answers, each in time, have been waited for as many milliseconds together: about one snapshot's worth. */
const PATIENCE_IN_ALL = 250;

/** Pulls the next segment; what has been gathered is sent off where the source is slow to give more. @throws LF_ABORTED as {@link Halt.orWait} */
export async function nextOrSend(
  iterator: AsyncIterator<Segment>,
  halt: Halt,
  batcher: TaskBatcher,
  send: () => Promise<void>,
): Promise<IteratorResult<Segment, unknown>> {
  const next = halt.orWait(iterator.next());
  if (batcher.empty) return next;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<"waited">((resolve) => {
    timer = setTimeout(() => resolve("waited"), PATIENCE);
  });
  const began = performance.now();
  try {
    const answer = await Promise.race([next, patience]);
    batcher.waited += performance.now() - began;
    if (answer === "waited" || batcher.waited >= PATIENCE_IN_ALL) await send();
  } finally {
    clearTimeout(timer);
  }
  return next;
}

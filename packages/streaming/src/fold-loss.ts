import type { RecordBatch } from "apache-arrow";
import type { OperatorFunction } from "rxjs";
import type { LossJobOptions } from "./job/options.ts";
import type { Snapshot } from "./job/snapshot.ts";
import { Observable } from "./observable.ts";
import { runningLoss } from "./running-loss.ts";

/**
 * Makes an operator that folds a stream of record batches into its running figures, as {@link runningLoss} does.
 *
 * An Observable cannot be asked to wait, so batches that come faster than they are folded are kept until they are: where
 * the producer can be pulled, give it to {@link runningLoss} instead.
 */
export function foldLoss(options: LossJobOptions): OperatorFunction<RecordBatch, Snapshot> {
  return (batches) =>
    new Observable((subscriber) => {
      const queue = new BatchQueue();
      const feed = batches.subscribe({
        next: (batch) => queue.push(batch),
        error: (error: unknown) => queue.fail(error),
        complete: () => queue.end(),
      });
      const figures = runningLoss(queue, options).subscribe(subscriber);
      return () => {
        feed.unsubscribe();
        figures.unsubscribe();
      };
    });
}

/** Turns pushed batches into pulled ones. */
class BatchQueue implements AsyncIterable<RecordBatch> {
  #batches: RecordBatch[] = [];
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(batch: RecordBatch): void {
    this.#batches.push(batch);
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    for (;;) {
      const batches = this.#batches;
      this.#batches = [];
      yield* batches;
      if (this.#batches.length > 0) continue;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

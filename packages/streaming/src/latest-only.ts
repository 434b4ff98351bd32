import type { Observable } from "rxjs";
import { badOption } from "./job/options.ts";

/**
 * Lets a slow reader take values at its own pace: of those that came since it last asked, the latest only; the last of
 * all is never left out. Leaving the loop unsubscribes.
 *
 * ```ts
 * import { createPool, latestOnly, runningLoss } from "@lossflow/streaming";
 * import { tableFromArrays } from "apache-arrow";
 *
 * const table = tableFromArrays({ y: Float32Array.of(1, 2), p: Float32Array.of(1.5, 2) });
 * const pool = createPool({ workers: 0 });
 * const snapshots = runningLoss(table, { losses: ["mae"], target: "y", prediction: "p", pool, every: 0 });
 * for await (const { done, results } of latestOnly(snapshots)) {
 *   if (done) console.log(results[0]?.mean); // 0.25
 * }
 * await pool.close();
 * ```
 * @throws what the Observable fails with, after the latest value before it; LF_BAD_OPTION where it is none
 */
export async function* latestOnly<T>(values: Observable<T>): AsyncGenerator<T, void, undefined> {
  if (typeof (values as Partial<Observable<T>> | undefined | null)?.subscribe !== "function")
    throw badOption("what latestOnly is to read is no Observable; give what runningLoss or foldLoss made.");
  let latest: { readonly value: T } | undefined;
  let end: { readonly error?: unknown } | undefined;
  let wake: (() => void) | undefined;
  const tell = (): void => wake?.();
  const subscription = values.subscribe({
    next(value) {
      latest = { value };
      tell();
    },
    error(error: unknown) {
      end = { error };
      tell();
    },
    complete() {
      end ??= {};
      tell();
    },
  });
  try {
    for (;;) {
      if (latest !== undefined) {
        const { value } = latest;
        latest = undefined;
        yield value;
      } else if (end !== undefined) {
        if ("error" in end) throw end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    subscription.unsubscribe();
  }
}

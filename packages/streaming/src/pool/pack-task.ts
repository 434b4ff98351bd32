import type { Arena } from "../source/arena.ts";
import type { FoldTask } from "../worker/fold-task.ts";
import { mapPayload } from "./map-payload.ts";

/** A task whose bytes can cross to a worker without taking anything from their owner. */
export interface PackedTask {
  readonly task: FoldTask;
  readonly transfer: readonly ArrayBuffer[];
  /** Gives the memory of the copy back, once the worker reads it no more. */
  release(): void;
}

const ALIGNMENT = 64;

/**
 * Copies the bytes of a task into memory of its own: shared where the platform can, else one buffer to transfer. Bytes
 * that are in shared memory already stay where they are. The task itself is left whole, so it can be tried again.
 */
export function packTask(task: FoldTask, arena: Arena): PackedTask {
  const places = new Map<Uint8Array, number>();
  let size = 0;
  const measure = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length > 0 && bytes.buffer instanceof ArrayBuffer && !places.has(bytes)) {
      places.set(bytes, size);
      size = Math.ceil((size + bytes.length) / ALIGNMENT) * ALIGNMENT;
    }
    return bytes;
  };
  for (const { payload } of task.segments) mapPayload(payload, measure);
  if (size === 0) return { task: strip(task), transfer: [], release: () => undefined };

  const memory = arena.shared ? arena.take(size) : new Uint8Array(size);
  for (const [bytes, place] of places) memory.set(bytes, place);
  const moved = (bytes: Uint8Array): Uint8Array => {
    const place = places.get(bytes);
    if (place === undefined) return bytes.length === 0 ? EMPTY : bytes;
    return memory.subarray(place, place + bytes.length);
  };
  const segments = task.segments.map((segment) => ({
    ...segment,
    payload: mapPayload(segment.payload, moved),
  }));
  return {
    task: strip({ ...task, segments }),
    transfer: arena.shared ? [] : [memory.buffer as ArrayBuffer],
    release() {
      if (arena.shared) arena.give(memory);
    },
  };
}

/** An empty view of a large buffer would take the whole buffer along. */
const EMPTY = new Uint8Array(0);

/** Leaves out what a segment has besides its data, such as functions, which cannot be cloned. */
function strip(task: FoldTask): FoldTask {
  const segments = task.segments.map(({ source, firstRow, rows, payload }) => ({
    source,
    firstRow,
    rows,
    payload,
  }));
  return { plan: task.plan, segments };
}

import { useEffect, useState } from "preact/hooks";

/** A value that others can follow. */
export interface Value<T> {
  get(): T;
  set(next: T): void;
  follow(listener: () => void): () => void;
}

/** Makes a value; listeners are called once for all changes of a task. */
export function createValue<T>(first: T): Value<T> {
  let current = first;
  let due = false;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(next) {
      if (Object.is(next, current)) return;
      current = next;
      if (due) return;
      due = true;
      queueMicrotask(() => {
        due = false;
        for (const listener of listeners) listener();
      });
    },
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Draws a component anew whenever the value changes. */
export function useValue<T>(value: Value<T>): T {
  const [, redraw] = useState({});
  const drawn = value.get();
  useEffect(() => {
    // It may have changed between the drawing and now.
    if (!Object.is(value.get(), drawn)) redraw({});
    return value.follow(() => redraw({}));
  }, [value]);
  return drawn;
}

interface Group {
  readonly stops: Set<() => void>;
  readonly onAbort: () => void;
}

/** What is to be stopped when a signal aborts, by one listener a signal: Node takes more than ten for a leak, and says so. */
export class Stops {
  readonly #groups = new Map<AbortSignal, Group>();

  /** Has `stop` called when the signal aborts, until the function that is returned is called. */
  add(signal: AbortSignal, stop: () => void): () => void {
    const group = this.#groups.get(signal) ?? this.#listen(signal);
    group.stops.add(stop);
    return () => {
      group.stops.delete(stop);
      if (group.stops.size > 0) return;
      signal.removeEventListener("abort", group.onAbort);
      if (this.#groups.get(signal) === group) this.#groups.delete(signal);
    };
  }

  #listen(signal: AbortSignal): Group {
    const stops = new Set<() => void>();
    const onAbort = (): void => {
      for (const stop of stops) stop();
    };
    signal.addEventListener("abort", onAbort);
    const group = { stops, onAbort };
    this.#groups.set(signal, group);
    return group;
  }
}

/**
 * The memory that partial states came in, kept for those to come. It goes to a worker with a task and comes back with the
 * state: left to V8, which looks for dead memory once 64 MB of it have gathered in a thread, it would fill those.
 */
export class StateRooms {
  readonly #rooms: ArrayBuffer[] = [];
  readonly #most: number;

  /** @param most how many are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Hands over one that was given, of any size; undefined where there is none. */
  take(): ArrayBuffer | undefined {
    return this.#rooms.pop();
  }

  /** Takes over the memory of a state that nobody reads any more; beyond `most` it is let go. */
  give(state: Uint8Array<ArrayBuffer>): void {
    if (this.#rooms.length < this.#most) this.#rooms.push(state.buffer);
  }
}

/** What the pool needs of a worker, in Node's worker_threads and in browsers alike. */
export interface PlatformWorker {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  onMessage(listener: (data: unknown) => void): void;
  /** Calls back once, when the worker failed to load, threw outside of a call, or ended. */
  onDeath(listener: (why: string) => void): void;
  terminate(): void;
  /** Whether the worker keeps the process alive; does nothing in browsers. */
  keepAlive(on: boolean): void;
}

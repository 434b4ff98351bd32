import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a worker tells when it ends in order. */
export interface WorkerReport {
  readonly chunks: number;
  /** Since its last job began. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const SCRIPT = fileURLToPath(new URL("./worker.mjs", import.meta.url));

/** A worker in a process of its own, which can be killed, frozen and ended. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #output = "";

  constructor(url: string, replicas: number = 1, threads: number = 1, engine: "js" | "wasm-simd" = "js") {
    this.#child = spawn(process.execPath, [SCRIPT, url, String(threads), String(replicas), engine], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child.stdout!.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
    this.#exited = once(this.#child, "exit");
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** Ends it in order. */
  async end(): Promise<WorkerReport | undefined> {
    this.#child.kill("SIGTERM");
    const late = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    await this.#exited;
    clearTimeout(late);
    return this.#output === "" ? undefined : (JSON.parse(this.#output) as WorkerReport);
  }
}

import { execFileSync, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** Whether tmux, which stands in for a terminal and a person at it, is installed. */
export const hasTmux: boolean = spawnSync("tmux", ["-V"]).status === 0;

/** A terminal of its own, driven by keys and read as text. */
export class Terminal {
  readonly #socket: string;

  /** Runs a shell command line in a new terminal of this size. */
  constructor(name: string, command: string, columns: number, rows: number, cwd: string) {
    this.#socket = `lossflow-${name}-${process.pid}`;
    const size = ["-x", String(columns), "-y", String(rows)];
    this.#tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-s",
      "main",
      ...size,
      "-c",
      cwd,
      `${command}; echo "exit $?"; exec cat`,
    );
  }

  /** What is on the screen now, without the spaces at the ends of lines; with `colours`, escape sequences too. */
  screen(colours = false): string {
    return this.#tmux("capture-pane", "-p", ...(colours ? ["-e"] : []), "-t", "main");
  }

  press(...keys: readonly string[]): void {
    this.#tmux("send-keys", "-t", "main", ...keys);
  }

  resize(columns: number, rows: number): void {
    this.#tmux("resize-window", "-t", "main", "-x", String(columns), "-y", String(rows));
  }

  /** Waits until the screen matches, and gives it. */
  async until(wanted: RegExp): Promise<string> {
    for (let tries = 0; tries < 200; tries++) {
      const screen = this.screen();
      if (wanted.test(screen)) return screen;
      await sleep(50);
    }
    throw new Error(`${wanted} did not come; the screen is:\n${this.screen()}`);
  }

  close(): void {
    this.#tmux("kill-server");
  }

  #tmux(...args: readonly string[]): string {
    const env = { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8" };
    return execFileSync("tmux", ["-L", this.#socket, "-u", ...args], { encoding: "utf8", env });
  }
}

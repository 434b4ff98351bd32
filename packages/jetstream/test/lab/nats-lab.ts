import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";

/** The server: what NATS_SERVER names, else where `.ci/install-nats-server.sh` puts it. */
const SERVER =
  process.env["NATS_SERVER"] ??
  fileURLToPath(new URL("../../../../.ci/cache/nats-server/usr/sbin/nats-server", import.meta.url));

export interface NatsLabOptions {
  /** Servers: one, or a cluster of three. */
  readonly servers?: number;
  /** Where their stores are; default a temporary folder each. */
  readonly store?: (server: number) => string;
  /** Most bytes of a store, where the size of its disk is not to decide. */
  readonly maxStore?: string;
  /** Default "always". */
  readonly syncInterval?: string;
  /** Added to the configuration: who may connect, and how. */
  readonly access?: string;
  /** Where each server is; default on loopback. */
  readonly place?: (server: number) => ServerPlace;
}

export interface ServerPlace {
  readonly address: string;
  /** The command that runs another in its network. */
  readonly enter: readonly string[];
}

const LOOPBACK: ServerPlace = { address: "127.0.0.1", enter: [] };

/** Servers on loopback for one test, with stores of their own; closed, they are gone. */
export class NatsLab {
  readonly servers: readonly NatsServer[];
  readonly #folder: string;

  private constructor(folder: string, servers: readonly NatsServer[]) {
    this.#folder = folder;
    this.servers = servers;
  }

  static async start(options: NatsLabOptions = {}): Promise<NatsLab> {
    const { servers: count = 1, store, maxStore, place = () => LOOPBACK } = options;
    const { access = "", syncInterval = "always" } = options;
    const folder = mkdtempSync(join(tmpdir(), "lossflow-nats-"));
    const ports = await freePorts(3 * count);
    const routes = ports.slice(count, 2 * count).map((port, i) => `nats://${place(i).address}:${port}`);
    const servers = Array.from({ length: count }, (_, i) => {
      const { address } = place(i);
      const cluster =
        count === 1
          ? ""
          : `cluster { name: lab, listen: "${address}:${ports[count + i]}", routes: [${routes.join(", ")}] }\n`;
      const config =
        `server_name: n${i}\nlisten: "${address}:${ports[i]}"\nhttp: "${address}:${ports[2 * count + i]}"\n` +
        `jetstream { store_dir: "${store?.(i) ?? join(folder, `store-${i}`)}", sync_interval: ${syncInterval}${maxStore === undefined ? "" : `, max_file_store: ${maxStore}`} }\n${cluster}${access}`;
      return new NatsServer(folder, i, place(i), ports[i]!, ports[2 * count + i]!, config);
    });
    const lab = new NatsLab(folder, servers);
    for (const server of servers) server.start();
    await Promise.all(servers.map((server) => server.ready()));
    return lab;
  }

  get url(): string {
    return this.servers.map(({ address, port }) => `nats://${address}:${port}`).join(",");
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop("SIGTERM")));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** One server process. */
export class NatsServer {
  readonly address: string;
  readonly port: number;
  readonly #enter: readonly string[];
  readonly #folder: string;
  readonly #name: string;
  readonly #monitor: number;
  #process: ChildProcess | undefined;

  constructor(
    folder: string,
    number: number,
    place: ServerPlace,
    port: number,
    monitor: number,
    config: string,
  ) {
    this.address = place.address;
    this.#enter = place.enter;
    this.#folder = folder;
    this.#name = `n${number}`;
    this.port = port;
    this.#monitor = monitor;
    writeFileSync(join(folder, `${this.#name}.conf`), config);
  }

  get pid(): number {
    return this.#process!.pid!;
  }

  start(): void {
    const log = openSync(join(this.#folder, `${this.#name}.log`), "a");
    const [command, ...words] = [...this.#enter, SERVER, "-c", join(this.#folder, `${this.#name}.conf`)];
    this.#process = spawn(command, words, {
      stdio: ["ignore", log, log],
    });
  }

  /** Waits until JetStream answers here. */
  async ready(): Promise<void> {
    for (let i = 0; i < 400; i++) {
      const healthy = await fetch(
        `http://${this.address}:${this.#monitor}/healthz?js-enabled-only=true`,
      ).then(
        ({ ok }) => ok,
        () => false,
      );
      if (healthy) return;
      if (typeof this.#process?.exitCode === "number") break;
      await sleep(50);
    }
    const log = readFileSync(join(this.#folder, `${this.#name}.log`), "utf8");
    throw new Error(`${this.#name} is not ready: ${log.trimEnd().split("\n").at(-1)}`);
  }

  /** What it knows of streams, their consumers and leaders. */
  async streams(): Promise<{ readonly name: string }[]> {
    const query = "accounts=true&streams=true&consumers=true&raft=true";
    const answer = await fetch(`http://${this.address}:${this.#monitor}/jsz?${query}`, {
      signal: AbortSignal.timeout(1_000),
    });
    const { account_details: accounts = [] } = (await answer.json()) as {
      account_details?: { stream_detail?: { name: string }[] }[];
    };
    return accounts.flatMap(({ stream_detail: streams = [] }) => streams);
  }

  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  async restart(): Promise<void> {
    this.start();
    await this.ready();
  }
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

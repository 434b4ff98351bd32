import { execFileSync } from "node:child_process";
import type { ServerPlace } from "./nats-lab.ts";

const BRIDGE = "lossflow-br";
const SUBNET = "10.213.77";

/** Three hosts, each in a network namespace of its own, on one bridge; a cable can be pulled. Needs root. */
export class ThreeNetworks {
  constructor() {
    this.remove();
    ip("link", "add", BRIDGE, "type", "bridge");
    ip("addr", "add", `${SUBNET}.254/24`, "dev", BRIDGE);
    ip("link", "set", BRIDGE, "up");
    for (let i = 0; i < 3; i++) {
      ip("netns", "add", host(i));
      ip("link", "add", cable(i), "type", "veth", "peer", "name", "eth0", "netns", host(i));
      ip("link", "set", cable(i), "master", BRIDGE, "up");
      ip("-n", host(i), "addr", "add", `${SUBNET}.${i + 1}/24`, "dev", "eth0");
      ip("-n", host(i), "link", "set", "eth0", "up");
      ip("-n", host(i), "link", "set", "lo", "up");
    }
  }

  place(server: number): ServerPlace {
    return { address: address(server), enter: ["ip", "netns", "exec", host(server)] };
  }

  /** Cuts a host off from the others and from everybody else. */
  cut(server: number): void {
    ip("link", "set", cable(server), "down");
  }

  /** Cuts a host off from the other two alone. */
  split(server: number): void {
    for (const other of others(server)) ip("-n", host(server), "route", "add", "blackhole", address(other));
  }

  heal(server: number): void {
    ip("link", "set", cable(server), "up");
    for (const other of others(server))
      tryIp("-n", host(server), "route", "del", "blackhole", address(other));
  }

  remove(): void {
    for (let i = 0; i < 3; i++) tryIp("netns", "del", host(i));
    for (let i = 0; i < 3; i++) tryIp("link", "del", cable(i));
    tryIp("link", "del", BRIDGE);
  }
}

function address(server: number): string {
  return `${SUBNET}.${server + 1}`;
}

function others(server: number): number[] {
  return [0, 1, 2].filter((other) => other !== server);
}

function host(server: number): string {
  return `lossflow-n${server}`;
}

/** Names of links are at most 15 characters long. */
function cable(server: number): string {
  return `lossflow-v${server}`;
}

function ip(...words: string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
}

/** What is not there need not be taken away. */
function tryIp(...words: string[]): void {
  try {
    ip(...words);
  } catch {}
}

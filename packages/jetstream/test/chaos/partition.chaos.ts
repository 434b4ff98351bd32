import { setTimeout as sleep } from "node:timers/promises";
import { describe, onTestFinished, test } from "vitest";
import { expectSameStateUnder, type RunningJob } from "../lab/job-under-fault.ts";
import { NatsLab } from "../lab/nats-lab.ts";
import { ThreeNetworks } from "../lab/three-networks.ts";
import { leaderOf } from "../lab/worst.ts";

const SIZE = { chunks: 400, rows: 65_536 };

describe.runIf(process.getuid?.() === 0).each(["map", "fold"] as const)(
  "%s over three networks",
  (design) => {
    const over = async (
      name: string,
      cut: (networks: ThreeNetworks, server: number) => void,
    ): Promise<void> => {
      const networks = new ThreeNetworks();
      onTestFinished(() => networks.remove());
      const lab = await NatsLab.start({ servers: 3, place: (server) => networks.place(server) });
      const twice = async (running: RunningJob): Promise<void> => {
        for (let i = 0; i < 2; i++) {
          const leader = lab.servers.indexOf(await leaderOf(running));
          cut(networks, leader);
          console.log(`  leader cut off: goes on after ${await running.recovery()} ms`);
          await sleep(6_000);
          networks.heal(leader);
          await sleep(2_000);
        }
      };
      await expectSameStateUnder(`${design}-${name}`, { ...SIZE, design, lab, during: twice });
    };

    test("the leader is cut off from everybody, twice, and believes for a while that it leads", () =>
      over("cut-off", (networks, leader) => networks.cut(leader)));

    test("the leader is cut off from the others, twice, and still reached by whoever is connected to it", () =>
      over("split", (networks, leader) => networks.split(leader)));
  },
);

import { setTimeout as sleep } from "node:timers/promises";
import { describe, test } from "vitest";
import { expectSameStateUnder } from "../lab/job-under-fault.ts";
import { NatsLab } from "../lab/nats-lab.ts";
import { ThreeNetworks } from "../lab/three-networks.ts";
import { leaderOf } from "../lab/worst.ts";

const SIZE = { chunks: 400, rows: 65_536 };

describe.runIf(process.getuid?.() === 0).each(["map", "fold"] as const)(
  "%s over three networks",
  (design) => {
    test("the leader is cut off, twice, and believes for a while that it leads", async () => {
      using networks = new ThreeNetworks();
      const lab = await NatsLab.start({ servers: 3, place: (server) => networks.place(server) });
      await expectSameStateUnder(`${design}-cut-off`, {
        ...SIZE,
        design,
        lab,
        during: async (running) => {
          for (let i = 0; i < 2; i++) {
            const leader = lab.servers.indexOf(await leaderOf(running));
            networks.cut(leader);
            console.log(`  leader cut off: goes on after ${await running.recovery()} ms`);
            await sleep(6_000);
            networks.heal(leader);
            await sleep(2_000);
          }
        },
      });
    });
  },
);

import { setTimeout as sleep } from "node:timers/promises";
import { describe, test } from "vitest";
import { expectSameStateUnder } from "../lab/job-under-fault.ts";
import { leaderOf, restartServer } from "../lab/worst.ts";

const SIZE = { chunks: 400, rows: 65_536, servers: 3 };

describe.each(["map", "fold"] as const)("%s over a cluster of three", (design) => {
  test("the leader is killed and comes back late", () =>
    expectSameStateUnder(`${design}-leader`, {
      ...SIZE,
      design,
      during: async (running) => {
        const leader = await leaderOf(running);
        await leader.stop("SIGKILL");
        console.log(`  leader killed: goes on after ${await running.recovery()} ms`);
        await sleep(1_000);
        await leader.restart();
      },
    }));

  test("each of the three is killed in turn", () =>
    expectSameStateUnder(`${design}-in-turn`, {
      ...SIZE,
      design,
      during: async (running) => {
        for (const server of running.lab.servers) {
          await restartServer(server, running);
          await sleep(1_500);
        }
      },
    }));

  test("all three are killed at once", () =>
    expectSameStateUnder(`${design}-all-three`, {
      ...SIZE,
      design,
      during: async ({ lab, recovery }) => {
        const began = performance.now();
        await Promise.all(lab.servers.map((server) => server.stop("SIGKILL")));
        for (const server of lab.servers) server.start();
        await Promise.all(lab.servers.map((server) => server.ready()));
        const up = Math.round(performance.now() - began);
        console.log(`  all killed: up after ${up} ms, goes on ${await recovery()} ms later`);
      },
    }));
});

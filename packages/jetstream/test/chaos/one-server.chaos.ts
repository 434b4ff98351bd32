import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, onTestFinished, test } from "vitest";
import { expectSameStateUnder } from "../lab/job-under-fault.ts";
import { NatsLab } from "../lab/nats-lab.ts";
import { freeze, killAndReplace, restartServer, sendAgain } from "../lab/worst.ts";

const SIZE = { chunks: 240, rows: 65_536 };
const isRoot = process.getuid?.() === 0;

describe.each(["map", "fold"] as const)("%s over one server", (design) => {
  test("nothing happens", () => expectSameStateUnder(`${design}-quiet`, { ...SIZE, design }));

  test("chunks come again at once", () =>
    expectSameStateUnder(`${design}-at-once`, { ...SIZE, design, resend: sendAgain(design, "at once") }));

  test("chunks come again late", () =>
    expectSameStateUnder(`${design}-late`, { ...SIZE, design, resend: sendAgain(design, "late") }));

  test("workers are killed, twice", () =>
    expectSameStateUnder(`${design}-killed`, {
      ...SIZE,
      design,
      during: async (running) => {
        await killAndReplace(running);
        await killAndReplace(running);
      },
    }));

  test("a worker is frozen and comes back", () =>
    expectSameStateUnder(`${design}-frozen`, { ...SIZE, design, during: freeze }));

  test("the server is killed, twice", () =>
    expectSameStateUnder(`${design}-server`, {
      ...SIZE,
      design,
      during: async (running) => {
        await restartServer(running.lab.servers[0]!, running);
        await restartServer(running.lab.servers[0]!, running);
      },
    }));

  test("workers are slow: a single one, stopped half of the time", () =>
    expectSameStateUnder(`${design}-slow`, {
      ...SIZE,
      chunks: 150,
      workers: 1,
      design,
      during: async ({ workers, done, ended }) => {
        while (done() < 150 && !ended()) {
          workers[0]!.signal("SIGSTOP");
          await sleep(200);
          workers[0]!.signal("SIGCONT");
          await sleep(200);
        }
      },
    }));

  test.runIf(isRoot)("the disk of its store is full for a while", async () => {
    const store = mkdtempSync(join(tmpdir(), "lossflow-full-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", store]);
    onTestFinished(() => {
      execFileSync("umount", ["-l", store]);
      rmSync(store, { recursive: true });
    });
    const lab = await NatsLab.start({ store: () => store, maxStore: "2GB" });
    await expectSameStateUnder(`${design}-full`, {
      ...SIZE,
      design,
      lab,
      during: async (running) => {
        const ballast = join(store, "ballast");
        execFileSync("sh", ["-c", `dd if=/dev/zero of=${ballast} bs=1M count=64 2>/dev/null || true`]);
        await sleep(2_000);
        rmSync(ballast);
        // A server that found its disk full keeps JetStream off until it is started again.
        await restartServer(running.lab.servers[0]!, running);
      },
    });
  });
});

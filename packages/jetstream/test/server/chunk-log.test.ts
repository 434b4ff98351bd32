import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openParts } from "../../src/job/job-logs.ts";
import { connectNats, type Nats } from "../../src/nats/connect.ts";
import { jobNames } from "../../src/nats/job-names.ts";
import { createJobStreams, sweepJobStreams } from "../../src/nats/job-streams.ts";
import { NatsLab } from "../lab/nats-lab.ts";

const LIMITS = { replicas: 1, maxBytes: 2 ** 26 };
const NEVER = new AbortController().signal;

describe("a log of chunks on a server", () => {
  let lab: NatsLab;
  let nats: Nats;
  beforeAll(async () => {
    lab = await NatsLab.start();
    nats = await connectNats({ servers: lab.url });
  });
  afterAll(async () => {
    await nats.close();
    await lab.close();
  });

  test("has what it was given, though the server calls it a duplicate of what it lost", async () => {
    await createJobStreams(nats, "lost", "map", LIMITS, NEVER);
    const { parts, partSubject } = jobNames("lost");
    const log = openParts(nats, "lost");
    await log.append(3, Uint8Array.of(1, 2), NEVER);
    await log.append(3, Uint8Array.of(1, 2), NEVER);
    const stored = async (): Promise<number> => (await nats.manager.streams.info(parts)).state.messages;
    expect(await stored()).toBe(1);
    await nats.manager.streams.purge(parts, { filter: partSubject(3) });
    await log.append(3, Uint8Array.of(1, 2), NEVER);
    expect(await stored()).toBe(1);
    const end = new AbortController();
    for await (const { chunk, bytes } of log.read(0, 0, end.signal)) {
      expect([chunk, [...bytes]]).toEqual([3, [1, 2]]);
      end.abort();
    }
  });

  test("is refused at once where it asks for more replicas than the server can keep", async () => {
    await expect(
      createJobStreams(nats, "three", "map", { ...LIMITS, replicas: 3 }, NEVER),
    ).rejects.toMatchObject({
      code: "LF_NATS_REFUSED",
      message: expect.stringContaining("replicas > 1 not supported"),
    });
  });

  test("is not swept away while its job is known or young", async () => {
    await createJobStreams(nats, "young", "fold", LIMITS, NEVER);
    await sweepJobStreams(nats, new Set());
    expect(await nats.manager.streams.info(jobNames("young").chunks)).toBeDefined();
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectNats, type Nats } from "../../src/nats/connect.ts";
import { LogPublisher } from "../../src/records/log-publisher.ts";
import { readLogs } from "../../src/records/read-logs.ts";
import { NatsLab } from "../lab/nats-lab.ts";

const NEVER = new AbortController().signal;

describe("logs that are published", () => {
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

  const textOf = async (run: string): Promise<string[]> => {
    const contents: string[] = [];
    for await (const { content, offset, bytes } of readLogs({ nats, run, once: true, signal: NEVER })) {
      contents[content] ??= "";
      expect(offset).toBe(contents[content].length);
      contents[content] += Buffer.from(bytes).toString();
    }
    return contents;
  };

  test("come out byte by byte, whatever the run is named, records as JSON lines", async () => {
    const run = "../a b.*.>\n\u001b[31m";
    const publisher = await LogPublisher.open({ nats, run });
    publisher.log({ step: 1, loss: Number.NaN, note: 'a "b"', ok: true, none: null });
    publisher.write(new TextEncoder().encode("plain\n"));
    await publisher.end();
    expect(await textOf(run)).toEqual([
      '{"step": 1, "loss": NaN, "note": "a \\"b\\"", "ok": true, "none": null}\nplain\n',
    ]);
  });

  test("are gone on with by a later publisher, and begun anew on request", async () => {
    const first = await LogPublisher.open({ nats, run: "again" });
    first.write(Buffer.from("one\n"));
    await first.flush();
    const second = await LogPublisher.open({ nats, run: "again" });
    expect(second.offset).toBe(4);
    expect([second.begins(Buffer.from("one\ntwo\n")), second.begins(Buffer.from("One\ntwo\n"))]).toEqual([
      true,
      false,
    ]);
    second.write(Buffer.from("two\n"));
    second.restart();
    second.write(Buffer.from("three\n"));
    await second.flush();
    expect(await textOf("again")).toEqual(["one\ntwo\n", "three\n"]);
  });

  test("have one publisher: a second one that writes beside it is refused, and nothing is mixed", async () => {
    const one = await LogPublisher.open({ nats, run: "taken" });
    const other = await LogPublisher.open({ nats, run: "taken" });
    one.write(Buffer.from("mine\n"));
    await one.flush();
    other.write(Buffer.from("not mine\n"));
    await expect(other.flush()).rejects.toMatchObject({ code: "LF_RUN_TAKEN" });
    expect(() => other.write(Buffer.from("more\n"))).toThrow("Another publisher");
    expect(await textOf("taken")).toEqual(["mine\n"]);
  });

  test("have one publisher, where a second one writes as many bytes at the same place, or the same bytes", async () => {
    for (const [run, theirs] of [
      ["as long", "two\n"],
      ["alike", "one\n"],
    ] as const) {
      const one = await LogPublisher.open({ nats, run });
      const other = await LogPublisher.open({ nats, run });
      one.write(Buffer.from("one\n"));
      await one.flush();
      other.write(Buffer.from(theirs));
      await expect(other.flush()).rejects.toMatchObject({ code: "LF_RUN_TAKEN" });
      expect(await textOf(run)).toEqual(["one\n"]);
    }
  });

  test("survive a kill of the server in the middle: each byte is there once", async () => {
    const publisher = await LogPublisher.open({ nats, run: "killed" });
    let expected = "";
    for (let i = 0; i < 300; i++) {
      const line = `{"step": ${i}, "loss": ${1 / (i + 1)}}\n`;
      publisher.write(Buffer.from(line));
      expected += line;
      if (i % 20 === 0) void publisher.flush();
      if (i === 150) {
        await lab.servers[0]!.stop("SIGKILL");
        await lab.servers[0]!.restart();
      }
    }
    await publisher.end();
    expect(await textOf("killed")).toEqual([expected]);
  });
});

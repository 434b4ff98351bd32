import { expect, test } from "vitest";
import { connectNats } from "../../src/nats/connect.ts";
import { LogPublisher } from "../../src/records/log-publisher.ts";
import { readLogs } from "../../src/records/read-logs.ts";
import { NatsLab } from "../lab/nats-lab.ts";

const RANKS = 500;
const LINES = 20;

test("what a server takes of many ranks that log a line each, every message on disk before it is acknowledged", async () => {
  const lab = await NatsLab.start();
  const nats = await connectNats({ servers: lab.url });
  const ranks = await Promise.all(
    Array.from({ length: RANKS }, (_, rank) =>
      LogPublisher.open({ nats, run: "run", file: `rank-${rank}.jsonl` }),
    ),
  );
  const began = performance.now();
  for (let step = 0; step < LINES; step++) {
    for (const rank of ranks) rank.log({ step, loss: 1 / (step + 1), grad_norm: 0.5, lr: 1e-4 });
    await Promise.all(ranks.map((rank) => rank.flush()));
  }
  const seconds = (performance.now() - began) / 1000;
  const messages = RANKS * LINES;
  let read = 0;
  const reading = performance.now();
  for await (const { bytes } of readLogs({ nats, once: true, signal: new AbortController().signal }))
    read += bytes.length > 0 ? 1 : 0;
  const readSeconds = (performance.now() - reading) / 1000;
  console.log(
    `${RANKS} ranks, ${messages} messages: ${Math.round(messages / seconds)} stored a second, ${Math.round(messages / readSeconds)} read a second`,
  );
  expect(read).toBe(messages);
  await nats.close();
  await lab.close();
});

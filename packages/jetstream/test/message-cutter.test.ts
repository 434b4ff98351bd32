import { expect, test } from "vitest";
import { MessageCutter } from "../src/nats/message-cutter.ts";
import { MessageMemory, OWN_BYTES } from "../src/nats/message-memory.ts";
import { seededRandom } from "./lab/arrow-file.ts";

/** A message as a server writes it. */
function messageOf(random: () => number, data: number): Buffer {
  const payload = Buffer.from(Array.from({ length: data }, () => Math.floor(random() * 256)));
  const head = Buffer.from("NATS/1.0\r\nLossflow-Chunk: 7\r\n\r\n");
  const withHead = random() < 0.5;
  const line = withHead
    ? `HMSG a.b 12 ${head.length} ${head.length + data}\r\n`
    : `MSG a.b 3 reply.x ${data}\r\n`;
  return Buffer.concat([Buffer.from(line), ...(withHead ? [head] : []), payload, Buffer.from("\r\n")]);
}

function dataAt(message: Buffer): number {
  return message[0] === 0x48 ? message.indexOf("\r\n\r\n") + 4 : message.indexOf("\n") + 1;
}

test("however a socket cuts them, the same bytes come out, and long messages whole, their data aligned", () => {
  const random = seededRandom(5);
  for (let round = 0; round < 20; round++) {
    const memory = new MessageMemory();
    const cutter = new MessageCutter(memory);
    const sizes = [0, 5, 300, OWN_BYTES - 60, OWN_BYTES, 200_000, 90_000, 1, 70_000];
    const messages = sizes.map((size) =>
      random() < 0.3 ? Buffer.from("PING\r\n") : messageOf(random, size),
    );
    const wire = Buffer.concat(messages);
    const parts: Buffer[] = [];
    for (let at = 0; at < wire.length;) {
      const { room } = cutter;
      const most = Math.min(room.length, wire.length - at);
      const count = 1 + Math.floor(random() * (random() < 0.3 ? Math.min(8, most) : most));
      wire.copy(room, 0, at, at + count);
      for (const part of cutter.cut(count)) {
        const message = messages.find((each) => each.length >= OWN_BYTES && each.equals(part));
        if (message !== undefined) expect((part.byteOffset + dataAt(message)) % 64).toBe(0);
        parts.push(Buffer.from(part));
        // Its memory is used again at once.
        if (message !== undefined) memory.give(part);
      }
      at += count;
    }
    expect(Buffer.concat(parts).equals(wire)).toBe(true);
    for (const message of messages) {
      if (message.length >= OWN_BYTES) expect(parts.some((part) => part.equals(message))).toBe(true);
    }
  }
});

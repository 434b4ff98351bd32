import { describe, expect, test } from "vitest";
import { connectionOptions, withoutSecret } from "../src/nats/nats-options.ts";
import { isNatsAddress, natsAddressFromText } from "../src/nats/nats-address.ts";
import { checkServerVersion } from "../src/nats/server-version.ts";
import { textFromToken, tokenFromText } from "../src/nats/subject-token.ts";

describe("the address of servers", () => {
  test.each([
    ["nats://127.0.0.1:4222", "nats://127.0.0.1:4222", undefined],
    ["nats://127.0.0.1:4222/", "nats://127.0.0.1:4222", undefined],
    ["nats://a,b:5000/runs%2Fone", "nats://a,nats://b:5000", "runs/one"],
    ["tls://a:1,tls://b:2/x/y", "tls://a:1,tls://b:2", "x/y"],
    ["nats://me:p%40ss@a", "nats://me:p%40ss@a", undefined],
  ])("%s", (text, servers, run) => {
    expect(natsAddressFromText(text)).toMatchObject({ servers, run });
  });

  test("names the files of credentials and certificates behind a question mark, and nothing else", () => {
    expect(natsAddressFromText("tls://a/r?creds=/c&ca=/ca.pem")).toMatchObject({
      creds: "/c",
      tlsCa: "/ca.pem",
      run: "r",
    });
    expect(() => natsAddressFromText("nats://a?password=x")).toThrow('"password" is nothing');
  });

  test("a user and a password, or a token, go to the client and never into a sentence", () => {
    expect(connectionOptions({ servers: "nats://me:p%40ss@a,nats://b:7" })).toMatchObject({
      servers: ["a:4222", "b:7"],
      user: "me",
      pass: "p@ss",
    });
    expect(connectionOptions({ servers: "nats://secret@a" })).toMatchObject({ token: "secret" });
    expect(connectionOptions({ servers: "tls://a" })).toHaveProperty("tls");
    expect(withoutSecret("nats://me:pass@a,nats://tok@b")).toBe("nats://a,nats://b");
    expect(() => connectionOptions({ servers: "http://me:pass@a" })).toThrow('"http://a" is no address');
  });

  test("is told from a path", () => {
    expect(["nats://a", "tls://a", "nats.log", "/tls", "-"].map(isNatsAddress)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

test.each(["2.9.10", "2.10.26", "unknown", "1.99.99"])(
  "nats-server %s is refused with what to do",
  (version) => {
    expect(() => checkServerVersion(version)).toThrow("Lossflow needs 2.10.27 or later");
  },
);

test.each(["2.10.27", "2.11.0", "2.10.27-RC.1", "3.0.0"])("nats-server %s is taken", (version) => {
  expect(() => checkServerVersion(version)).not.toThrow();
});

test.each(["", "run 1", "a.b.*.>", "ünïcode\n\u0000", "_", "../../x", "a".repeat(300)])(
  "the name %j is one token",
  (name) => {
    const token = tokenFromText(name);
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(textFromToken(token)).toBe(name);
  },
);

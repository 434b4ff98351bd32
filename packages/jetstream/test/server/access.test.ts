import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nkeys } from "@nats-io/transport-node";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { connectNats, type Nats } from "../../src/nats/connect.ts";
import { natsAddressFromText } from "../../src/nats/nats-address.ts";
import { computeDurabilityWarning } from "../../src/nats/durability.ts";
import { makeCertificates, makeCreds } from "../lab/access.ts";
import { NatsLab, type NatsLabOptions } from "../lab/nats-lab.ts";

describe("whoever connects", () => {
  const folder = mkdtempSync(join(tmpdir(), "lossflow-access-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const labWith = async (access: string): Promise<{ readonly lab: NatsLab; readonly host: string }> => {
    const lab = await NatsLab.start({ access });
    onTestFinished(() => lab.close());
    return { lab, host: `127.0.0.1:${lab.servers[0]!.port}` };
  };
  const open = async (address: string): Promise<boolean> => {
    await using nats = await connectNats(natsAddressFromText(address));
    // JetStream answers this user.
    return (await nats.manager.getAccountInfo()).streams === 0;
  };
  const refused = async (address: string): Promise<string> => {
    const error: unknown = await open(address).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "LF_NATS_REFUSED" });
    return (error as Error).message;
  };

  test("over TLS needs a certificate that the server takes and trusts the authority of its own", async () => {
    const { ca, server, client } = makeCertificates(folder);
    const { host } = await labWith(
      `tls { cert_file: "${server}.pem", key_file: "${server}.key", ca_file: "${ca}", verify: true }\nauthorization { token: "t0k/n" }\n`,
    );
    // It is asked for TLS though the address does not say so.
    expect(await refused(`nats://t0k%2Fn@${host}`)).toContain("is not trusted");
    for (const scheme of ["tls", "nats"])
      expect(await refused(`${scheme}://t0k%2Fn@${host}?ca=${ca}`)).toMatch(
        /certificate, name one that it takes/,
      );
    const mine = `cert=${client}.pem&key=${client}.key`;
    expect(await open(`tls://t0k%2Fn@${host}?ca=${ca}&${mine}`)).toBe(true);
    expect(await refused(`tls://t0k%2Fn@${host}?${mine}`)).toMatch(
      /^The certificate of tls:\/\/127\S+ is not trusted/,
    );
    expect(await refused(`tls://wrong@${host}?ca=${ca}&${mine}`)).toMatch(
      /^tls:\/\/127\S+ does not accept these cred/,
    );
    await expect(open(`tls://${host}?ca=${folder}/none.pem`)).rejects.toMatchObject({
      code: "LF_UNREADABLE",
    });
  });

  test("has a user and a password, a token, or the seed of an NKey", async () => {
    const pair = nkeys.createUser();
    const seed = join(folder, "user.nk");
    writeFileSync(seed, pair.getSeed());
    const { host } = await labWith(
      `authorization { users: [ { user: "me", password: "p@ss" }, { nkey: ${pair.getPublicKey()} } ] }\n`,
    );
    expect(await open(`nats://me:p%40ss@${host}`)).toBe(true);
    expect(await open(`nats://${host}?creds=${seed}`)).toBe(true);
    expect(await refused(`nats://me:secret@${host}`)).toMatch(
      /^nats:\/\/127\S+ does not accept these credentials/,
    );
    expect(await refused(`nats://${host}`)).toContain("does not accept these credentials");
    expect(await refused(`tls://me:p%40ss@${host}`)).toContain("has no TLS");
    writeFileSync(seed, "no seed");
    await expect(open(`nats://${host}?creds=${seed}`)).rejects.toMatchObject({ code: "LF_BAD_OPTION" });
  });

  test("has a .creds file: a JWT of the account's, and its seed", async () => {
    const { access, creds, strangers } = makeCreds();
    const { host } = await labWith(access);
    const [mine, foreign] = [join(folder, "user.creds"), join(folder, "stranger.creds")];
    writeFileSync(mine, creds);
    writeFileSync(foreign, strangers);
    expect(await open(`nats://${host}?creds=${mine}`)).toBe(true);
    expect(await refused(`nats://${host}?creds=${foreign}`)).toContain("does not accept these credentials");
    expect(await refused(`nats://${host}`)).toContain("does not accept these credentials");
  });

  test("is refused by what is older than 2.10.27, and by what has no JetStream", async () => {
    const { lab } = await labWith("");
    const facade = async (from: string, to: string): Promise<string> => {
      const proxy = createServer((socket) => {
        const server = connect(lab.servers[0]!.port, "127.0.0.1");
        socket.pipe(server).on("error", () => socket.destroy());
        // The first thing that a server says is INFO.
        server.once("data", (info: Buffer) => {
          socket.write(info.toString().replace(new RegExp(from), to));
          server.pipe(socket);
        });
        socket.on("error", () => server.destroy());
      }).listen(0, "127.0.0.1");
      onTestFinished(() => void proxy.close());
      await once(proxy, "listening");
      return `nats://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    };
    await expect(open(await facade('"version":"[^"]*"', '"version":"2.10.26"'))).rejects.toMatchObject({
      code: "LF_SERVER_TOO_OLD",
      message: expect.stringContaining("This nats-server is 2.10.26; Lossflow needs 2.10.27 or later"),
    });
    expect(await refused(await facade('"jetstream":true', '"jetstream":false'))).toContain(
      "has no JetStream",
    );
    expect(await open(await facade("nothing", ""))).toBe(true);
  });

  test("is warned of a server that acknowledges what is not on disk yet, where it tells", async () => {
    const question = "$SYS.REQ.SERVER.PING.VARZ";
    const access = `system_account: S\nno_auth_user: a\naccounts {
      S { users: [ { user: s, password: s } ], exports: [ { service: "${question}" } ] }
      A { jetstream: enabled, users: [ { user: a, password: a } ], imports: [ { service: { account: S, subject: "${question}" } } ] }
    }\n`;
    const open = async (options: NatsLabOptions): Promise<Nats> => {
      const lab = await NatsLab.start(options);
      const nats = await connectNats({ servers: lab.url });
      onTestFinished(async () => {
        await nats.close();
        await lab.close();
      });
      return nats;
    };
    // A server that has just begun does not answer this at once.
    const telling = await open({ access, syncInterval: "120s" });
    const sentence = "writes to disk every 120 s, after it has acknowledged";
    await expect.poll(() => computeDurabilityWarning(telling)).toContain(sentence);
    expect(await computeDurabilityWarning(await open({ syncInterval: "120s" }))).toBeNull();
    const sound = await open({ access });
    await expect
      .poll(() => sound.connection.request(question).then(({ data }) => data.length))
      .toBeGreaterThan(0);
    expect(await computeDurabilityWarning(sound)).toBeNull();
  });
});

import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { nkeys } from "@nats-io/transport-node";

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** Certificates for one test: an authority of its own, a server on 127.0.0.1 and a client that it vouches for. */
export function makeCertificates(folder: string): Record<"ca" | "server" | "client", string> {
  const file = (name: string): string => join(folder, name);
  const openssl = (...words: string[]): void => {
    execFileSync("openssl", words, { stdio: ["ignore", "ignore", "pipe"] });
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const make = (name: string, ...words: string[]): void =>
    openssl(
      "req",
      "-x509",
      ...key,
      "-keyout",
      file(`${name}.key`),
      "-out",
      file(`${name}.pem`),
      "-days",
      "2",
      ...words,
    );
  make("ca", "-subj", "/CN=Lossflow test authority");
  for (const name of ["server", "client"]) {
    const vouched = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-subj", `/CN=${name}`];
    make(
      name,
      ...vouched,
      "-addext",
      "subjectAltName=IP:127.0.0.1",
      "-addext",
      "basicConstraints=critical,CA:FALSE",
    );
  }
  return { ca: file("ca.pem"), server: file("server"), client: file("client") };
}

/** An operator, an account with JetStream and a user: the configuration of a server, and the text of a .creds file. */
export function makeCreds(): { readonly access: string; readonly creds: string; readonly strangers: string } {
  const operator = nkeys.createOperator();
  const [account, system] = [nkeys.createAccount(), nkeys.createAccount()];
  const [user, stranger] = [nkeys.createUser(), nkeys.createUser()];
  const unlimited = {
    subs: -1,
    data: -1,
    payload: -1,
    imports: -1,
    exports: -1,
    wildcards: true,
    conn: -1,
    leaf: -1,
  };
  const storage = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const operatorJwt = jwtOf(operator, operator, { type: "operator" });
  const accountJwt = jwtOf(operator, account, { type: "account", limits: { ...unlimited, ...storage } });
  const systemJwt = jwtOf(operator, system, { type: "account", limits: unlimited });
  const credsOf = (pair: KeyPair, issuer: KeyPair): string => {
    const jwt = jwtOf(issuer, pair, { type: "user", subs: -1, data: -1, payload: -1 });
    const block = (name: string, text: string): string =>
      `-----BEGIN ${name}-----\n${text}\n------END ${name}------\n\n`;
    return block("NATS USER JWT", jwt) + block("USER NKEY SEED", new TextDecoder().decode(pair.getSeed()));
  };
  return {
    access: `operator: ${operatorJwt}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload: { ${account.getPublicKey()}: ${accountJwt}, ${system.getPublicKey()}: ${systemJwt} }\n`,
    creds: credsOf(user, account),
    strangers: credsOf(stranger, nkeys.createAccount()),
  };
}

/** A JWT as NATS has them: signed by the key pair of its issuer. */
function jwtOf(issuer: KeyPair, subject: KeyPair, nats: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = [
    part({ typ: "JWT", alg: "ed25519-nkey" }),
    part({
      jti: randomUUID(),
      iat: 1_700_000_000,
      iss: issuer.getPublicKey(),
      name: "lossflow test",
      sub: subject.getPublicKey(),
      nats: { ...nats, version: 2 },
    }),
  ].join(".");
  return `${text}.${Buffer.from(issuer.sign(new TextEncoder().encode(text))).toString("base64url")}`;
}

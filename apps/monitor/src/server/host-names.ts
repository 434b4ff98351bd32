import { hostname, networkInterfaces } from "node:os";

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];
const EVERYWHERE = ["0.0.0.0", "::"];

/** Tells whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host);
}

/** The names that a server on `host` answers to, each with its port as browsers send it, the likeliest first. */
export function hostNames(host: string, port: number): ReadonlySet<string> {
  return new Set(
    addressesOf(host).map((name) =>
      (name.includes(":") ? `[${name}]:${port}` : `${name}:${port}`).toLowerCase(),
    ),
  );
}

function addressesOf(host: string): string[] {
  if (isLoopback(host)) return LOOPBACK;
  if (!EVERYWHERE.includes(host)) return [host];
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outside = own.filter(({ internal }) => !internal).map(({ address }) => address.replace(/%.*$/, ""));
  return [...outside, hostname(), ...LOOPBACK];
}
